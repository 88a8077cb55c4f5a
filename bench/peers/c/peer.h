/* What the limit of the machine is measured with: the protocol, and how time is taken. */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>

struct settings {
  size_t bytes;
  int processes;
  int pairs;
};

struct sample {
  double value;
  double p99;
  long count;
};

/* An operation: what it is called, what makes it ready, measures it, and ends it. Where it cannot
   be made ready with these settings, the first gives the reason, else nothing. */
struct operation {
  const char *name;
  const char *(*open)(const struct settings *settings);
  struct sample (*measure)(double seconds);
  void (*end)(void);
};

extern const struct operation process_operations[];
extern const struct operation pipe_operations[];
extern const struct operation futex_operations[];
extern const struct operation mutex_operations[];

/* Seconds of a clock that only goes forward. */
double now(void);

/* Median and 99th percentile of calls; each says how many seconds of it count. */
struct sample latency(double seconds, double (*action)(void));

/* Ends the program with a sentence about errno unless the condition holds. */
void require(int condition, const char *what);

/* Memory that children share. */
void *shared(size_t bytes);

#endif
