package io.procession.internal.os;

import io.procession.internal.os.linux.LinuxPlatform;
import io.procession.internal.os.portable.PortablePlatform;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** The platforms that can be tested on this machine. */
public final class Platforms {
  private Platforms() {}

  public static Stream<Platform> all() {
    var platforms = new ArrayList<>(List.of(named("portable")));
    if (LinuxPlatform.obstacle().isEmpty()) {
      platforms.add(named("linux"));
    }
    return platforms.stream();
  }

  public static Platform named(String name) {
    return name.equals("linux") ? new LinuxPlatform() : new PortablePlatform("a test wants it");
  }

  /** A handle as one word. */
  public static String text(SegmentHandle handle) {
    try {
      var bytes = new ByteArrayOutputStream();
      handle.encode(new DataOutputStream(bytes));
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public static SegmentHandle handle(String text) {
    try {
      return SegmentHandle.decode(
          new DataInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text))));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
