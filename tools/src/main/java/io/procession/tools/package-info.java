/** The command line tool {@code procession}. */
@NullMarked
package io.procession.tools;

import org.jspecify.annotations.NullMarked;
