/* A mutex of POSIX that processes share and that tells when its owner died. */
#define _GNU_SOURCE
#include "peer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PROCESSES = 64, OFTEN = 1000 };

struct area {
  pthread_mutex_t mutex;
  _Alignas(128) long counter;
  _Alignas(128) _Atomic int end;
  /* The parent counts up to start a round; the children count down at its end. */
  _Atomic int round;
  _Atomic int running;
  double seconds;
  long counts[MOST_PROCESSES];
};

static struct area *area;
static int processes;
static pid_t children[MOST_PROCESSES];

static void lock_once(void) {
  pthread_mutex_lock(&area->mutex);
  area->counter++;
  pthread_mutex_unlock(&area->mutex);
}

static void contend(int number) {
  for (int round = 1;; round++) {
    while (atomic_load(&area->round) < round) {
      if (atomic_load(&area->end)) {
        return;
      }
      usleep(200);
    }
    double end = now() + area->seconds;
    long count = 0;
    while (now() < end) {
      for (int time = 0; time < 100; time++) {
        lock_once();
      }
      count += 100;
    }
    area->counts[number] = count;
    atomic_fetch_sub(&area->running, 1);
  }
}

static const char *open_lock(const struct settings *settings) {
  (void)settings;
  processes = 0;
  area = shared(sizeof *area);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  require(pthread_mutex_init(&area->mutex, &attributes) == 0, "pthread_mutex_init");
  return NULL;
}

static const char *open_contended(const struct settings *settings) {
  open_lock(settings);
  processes = settings->processes;
  require(processes <= MOST_PROCESSES, "too many processes");
  for (int number = 0; number < processes; number++) {
    children[number] = fork();
    require(children[number] >= 0, "fork");
    if (children[number] == 0) {
      contend(number);
      _exit(0);
    }
  }
  return NULL;
}

static struct sample measure_lock(double seconds) {
  double started = now();
  long count = 0;
  do {
    for (int time = 0; time < OFTEN; time++) {
      lock_once();
    }
    count += OFTEN;
  } while (now() - started < seconds);
  return (struct sample){(now() - started) / (double)count, 0, count};
}

static struct sample measure_contended(double seconds) {
  area->seconds = seconds;
  atomic_store(&area->running, processes);
  double started = now();
  atomic_fetch_add(&area->round, 1);
  while (atomic_load(&area->running) > 0) {
    usleep(200);
  }
  long count = 0;
  for (int number = 0; number < processes; number++) {
    count += area->counts[number];
  }
  return (struct sample){(double)count / (now() - started), 0, count};
}

static void end(void) {
  atomic_store(&area->end, 1);
  for (int number = 0; number < processes; number++) {
    waitpid(children[number], NULL, 0);
  }
  munmap(area, sizeof *area);
}

const struct operation mutex_operations[] = {
    {"lock", open_lock, measure_lock, end},
    {"lock-contended", open_contended, measure_contended, end},
    {NULL, NULL, NULL, NULL},
};
