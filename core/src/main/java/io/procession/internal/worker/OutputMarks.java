package io.procession.internal.worker;

import io.procession.internal.wire.OutputMark;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Marks in stdout and stderr where each call begins and ends, where the parent wants to know. */
final class OutputMarks {

  private final String mark;
  private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
  private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);

  private OutputMarks(String mark) {
    this.mark = mark;
  }

  /** Null where nobody wants to know. */
  static @Nullable OutputMarks ofThisProcess() {
    var mark = System.getProperty(OutputMark.PROPERTY);
    return mark == null ? null : new OutputMarks(mark);
  }

  void begin(long sequence, int index) {
    write(new OutputMark(true, sequence, index));
  }

  void end(long sequence, int index) {
    System.out.flush();
    System.err.flush();
    write(new OutputMark(false, sequence, index));
  }

  private void write(OutputMark line) {
    var bytes = line.toLine(mark).getBytes(StandardCharsets.US_ASCII);
    write(out, bytes);
    write(err, bytes);
  }

  private static void write(FileOutputStream stream, byte[] bytes) {
    try {
      stream.write(bytes);
    } catch (IOException e) {
      // The user's code closed it: the parent sees its end.
      return;
    }
  }
}
