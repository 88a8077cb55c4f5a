/**
 * The family: all the processes that descend from one root, and the memory that they share. Who is
 * in it and who is dead, how its memory is divided, and how its threads wait for each other.
 */
@NullMarked
package io.procession.internal.family;

import org.jspecify.annotations.NullMarked;
