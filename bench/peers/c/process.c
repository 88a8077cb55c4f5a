/* What it costs to start a process: a fork that ends at once. */
#include "peer.h"

#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static double fork_and_wait(void) {
  double started = now();
  pid_t child = fork();
  if (child == 0) {
    _exit(0);
  }
  require(child > 0 && waitpid(child, NULL, 0) == child, "fork");
  return now() - started;
}

static const char *open_nothing(const struct settings *settings) {
  (void)settings;
  return NULL;
}

static struct sample measure(double seconds) { return latency(seconds, fork_and_wait); }

static void end_nothing(void) {}

const struct operation process_operations[] = {
    {"start", open_nothing, measure, end_nothing},
    {"start-cold", open_nothing, measure, end_nothing},
    {NULL, NULL, NULL, NULL},
};
