package io.procession.internal.worker;

import io.procession.internal.engine.LaunchProbe;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The child of {@link LaunchProbe}: its main, instead of the real worker's. */
public final class ProbeMain {

  private static final DataInputStream IN = new DataInputStream(System.in);
  private static final DataOutputStream OUT = new DataOutputStream(System.out);

  private ProbeMain() {}

  public static void main(String[] args) throws Exception {
    LaunchProbe.seen().forEach(ProbeMain::tell);
    var loaders = new RemoteLoaders(ClassLoader.getSystemClassLoader(), ProbeMain::ask);
    if (!args[1].equals("-")) {
      try {
        var type = Class.forName(args[1], true, loaders.loader(Integer.parseInt(args[0])));
        var probe = type.getDeclaredMethod("probe");
        probe.setAccessible(true);
        tell("result", String.valueOf(probe.invoke(null)));
      } catch (ReflectiveOperationException | LinkageError e) {
        tell("result", e + " " + e.getCause());
      }
    }
    if (Boolean.parseBoolean(args[2])) {
      var out = new java.io.ByteArrayOutputStream();
      var own = System.out;
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      LaunchProbe.main(new String[0]);
      System.setOut(own);
      out.toString(StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("=", 2))
          .forEach(pair -> tell("grandchild." + pair[0], pair[1]));
    }
  }

  private static void tell(String key, String value) {
    try {
      OUT.writeByte('=');
      OUT.writeUTF(key);
      OUT.writeUTF(value.length() > 20_000 ? value.substring(0, 20_000) : value);
      OUT.flush();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static synchronized byte[] ask(byte[] request) throws IOException {
    OUT.writeByte('q');
    OUT.writeInt(request.length);
    OUT.write(request);
    OUT.flush();
    return IN.readNBytes(IN.readInt());
  }
}
