/* A ping-pong through memory that two processes share; each waits for the other in the futex. */
#define _GNU_SOURCE
#include "peer.h"

#include <linux/futex.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct line {
  _Alignas(128) _Atomic unsigned turn;
  char message[];
};

static struct line *request, *response;
static size_t size;
static size_t mapped;
static pid_t child;
static double pause_seconds;
static unsigned turn;

enum { END = 0x7fffffff };

static void await(struct line *line, unsigned wanted) {
  for (unsigned seen; (seen = atomic_load(&line->turn)) != wanted && seen != END;) {
    syscall(SYS_futex, &line->turn, FUTEX_WAIT, seen, NULL, NULL, 0);
  }
}

static void tell(struct line *line, unsigned value) {
  atomic_store(&line->turn, value);
  syscall(SYS_futex, &line->turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void echo(void) {
  for (unsigned expected = 1;; expected++) {
    await(request, expected);
    if (atomic_load(&request->turn) == END) {
      return;
    }
    memcpy(response->message, request->message, size);
    tell(response, expected);
  }
}

static const char *open_echo(const struct settings *settings) {
  size = settings->bytes;
  mapped = sizeof(struct line) + size;
  request = shared(mapped);
  response = shared(mapped);
  turn = 0;
  pause_seconds = 0;
  child = fork();
  require(child >= 0, "fork");
  if (child == 0) {
    echo();
    _exit(0);
  }
  return NULL;
}

static const char *open_idle_echo(const struct settings *settings) {
  open_echo(settings);
  pause_seconds = 0.005;
  return NULL;
}

static double round_trip(void) {
  if (pause_seconds > 0) {
    usleep((useconds_t)(pause_seconds * 1e6));
  }
  double started = now();
  memset(request->message, (int)turn, size);
  tell(request, ++turn);
  await(response, turn);
  return now() - started;
}

static struct sample measure(double seconds) { return latency(seconds, round_trip); }

static void end(void) {
  tell(request, END);
  waitpid(child, NULL, 0);
  munmap(request, mapped);
  munmap(response, mapped);
}

const struct operation futex_operations[] = {
    {"queue-round-trip", open_echo, measure, end},
    {"queue-round-trip-idle", open_idle_echo, measure, end},
    {NULL, NULL, NULL, NULL},
};
