/* Answers the commands of the driver; its one argument says which operations it has. */
#include "peer.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { FEWEST_FOR_P99 = 100 };

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

void require(int condition, const char *what) {
  if (!condition) {
    fprintf(stderr, "peer: %s: %s\n", what, strerror(errno));
    exit(1);
  }
}

void *shared(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  require(memory != MAP_FAILED, "mmap");
  return memory;
}

static int compare(const void *one, const void *other) {
  double a = *(const double *)one;
  double b = *(const double *)other;
  return (a > b) - (a < b);
}

struct sample latency(double seconds, double (*action)(void)) {
  size_t room = 1 << 12;
  size_t count = 0;
  double *times = malloc(room * sizeof *times);
  double end = now() + seconds;
  do {
    if (count == room) {
      room *= 2;
      times = realloc(times, room * sizeof *times);
    }
    require(times != NULL, "malloc");
    times[count++] = action();
  } while (now() < end);
  qsort(times, count, sizeof *times, compare);
  struct sample sample = {times[count / 2], 0, (long)count};
  if (count >= FEWEST_FOR_P99) {
    sample.p99 = times[count * 99 / 100];
  }
  free(times);
  return sample;
}

static const struct operation *all(const char *kind) {
  if (strcmp(kind, "process") == 0) return process_operations;
  if (strcmp(kind, "pipe") == 0) return pipe_operations;
  if (strcmp(kind, "futex") == 0) return futex_operations;
  if (strcmp(kind, "mutex") == 0) return mutex_operations;
  errno = EINVAL;
  require(0, kind);
  return NULL;
}

static const struct operation *find(const struct operation *operations, const char *name) {
  while (operations->name != NULL && strcmp(operations->name, name) != 0) {
    operations++;
  }
  return operations->name == NULL ? NULL : operations;
}

static struct settings read_settings(void) {
  struct settings settings = {8, 1, 1};
  for (char *word; (word = strtok(NULL, " \n")) != NULL;) {
    sscanf(word, "bytes=%zu", &settings.bytes);
    sscanf(word, "processes=%d", &settings.processes);
    sscanf(word, "pairs=%d", &settings.pairs);
  }
  return settings;
}

int main(int count, char **arguments) {
  require(count == 2, "the kind of operations is missing");
  setvbuf(stdout, NULL, _IOLBF, 0);
  const struct operation *operations = all(arguments[1]);
  printf("{\"version\": \"C, gcc %s, glibc %s\", \"operations\": [", __VERSION__,
         gnu_get_libc_version());
  for (const struct operation *each = operations; each->name != NULL; each++) {
    printf("%s\"%s\"", each == operations ? "" : ", ", each->name);
  }
  puts("]}");
  const struct operation *open = NULL;
  char line[256];
  while (fgets(line, sizeof line, stdin) != NULL) {
    const char *command = strtok(line, " \n");
    if (command != NULL && strcmp(command, "measure") == 0 && open != NULL) {
      struct sample sample = open->measure(atof(strtok(NULL, " \n")));
      printf("{\"value\": %.12g, \"p99\": %.12g, \"count\": %ld}\n", sample.value, sample.p99,
             sample.count);
      continue;
    }
    if (command != NULL && strcmp(command, "warm") == 0 && open != NULL) {
      open->measure(atof(strtok(NULL, " \n")));
      puts("{}");
      continue;
    }
    if (open != NULL) {
      open->end();
      open = NULL;
    }
    if (command != NULL && strcmp(command, "open") == 0) {
      open = find(operations, strtok(NULL, " \n"));
      struct settings settings = read_settings();
      const char *reason = open == NULL ? "does not do that" : open->open(&settings);
      if (reason != NULL) {
        printf("{\"skip\": \"%s\"}\n", reason);
        open = NULL;
        continue;
      }
    }
    puts("{}");
  }
  if (open != NULL) {
    open->end();
  }
  return 0;
}
