/* A ping-pong, and a stream, through pipes. */
#include "peer.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH_BYTES = 1 << 22 };

static int to_child[2], from_child[2];
static pid_t child;
static char *message;
static size_t size;
static double pause_seconds;

/* All of it, however many calls that takes; false at the end. */
static int read_all(int file, char *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t more = read(file, bytes + done, count - done);
    if (more <= 0) {
      return 0;
    }
    done += (size_t)more;
  }
  return 1;
}

static void write_all(int file, const char *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t more = write(file, bytes + done, count - done);
    require(more > 0, "write");
    done += (size_t)more;
  }
}

static void echo(void) {
  while (read_all(to_child[0], message, size)) {
    write_all(from_child[1], message, size);
  }
}

/* Says each time that a batch is through. */
static void consume(void) {
  size_t batch = BATCH_BYTES / size * size;
  for (size_t done = 0; read_all(to_child[0], message, size);) {
    done += size;
    if (done == batch) {
      done = 0;
      write_all(from_child[1], "!", 1);
    }
  }
}

static void open_pipes(const struct settings *settings, void (*body)(void)) {
  size = settings->bytes;
  message = calloc(1, size);
  require(message != NULL && pipe(to_child) == 0 && pipe(from_child) == 0, "pipe");
  child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    close(to_child[1]);
    close(from_child[0]);
    body();
    _exit(0);
  }
  close(to_child[0]);
  close(from_child[1]);
}

static const char *open_echo(const struct settings *settings) {
  pause_seconds = 0;
  open_pipes(settings, echo);
  return NULL;
}

static const char *open_idle_echo(const struct settings *settings) {
  pause_seconds = 0.005;
  open_pipes(settings, echo);
  return NULL;
}

static const char *open_stream(const struct settings *settings) {
  if (settings->pairs > 1) {
    return "has one consumer";
  }
  open_pipes(settings, consume);
  return NULL;
}

static double round_trip(void) {
  if (pause_seconds > 0) {
    usleep((useconds_t)(pause_seconds * 1e6));
  }
  double started = now();
  write_all(to_child[1], message, size);
  require(read_all(from_child[0], message, size), "read");
  return now() - started;
}

static struct sample measure_round_trip(double seconds) { return latency(seconds, round_trip); }

static struct sample measure_stream(double seconds) {
  double started = now();
  long count = 0;
  do {
    long batch = (long)(BATCH_BYTES / size);
    for (long number = 0; number < batch; number++) {
      write_all(to_child[1], message, size);
    }
    char done;
    require(read_all(from_child[0], &done, 1), "read");
    count += batch;
  } while (now() - started < seconds);
  return (struct sample){(double)count / (now() - started), 0, count};
}

static void end(void) {
  close(to_child[1]);
  close(from_child[0]);
  waitpid(child, NULL, 0);
  free(message);
}

const struct operation pipe_operations[] = {
    {"queue", open_stream, measure_stream, end},
    {"queue-round-trip", open_echo, measure_round_trip, end},
    {"queue-round-trip-idle", open_idle_echo, measure_round_trip, end},
    {NULL, NULL, NULL, NULL},
};
