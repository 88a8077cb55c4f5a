package io.procession.internal.worker;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.SegmentHandle;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.HubLayout;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The main of a child JVM. Its parent tells it on the standard input who it is. */
public final class WorkerMain {

  private WorkerMain() {}

  /**
   * Serves the parent until it lets this process go, or runs one function.
   *
   * @param arguments the child's name, only to be seen in a list of processes
   */
  public static void main(String[] arguments) throws Throwable {
    var input = System.in;
    System.setIn(InputStream.nullInputStream());
    Birth birth;
    try {
      birth = Birth.decode(new DataInputStream(input));
    } catch (EOFException e) {
      // The parent is gone already.
      return;
    }
    Birth.begin(birth);
    deleteArgumentFile();
    var platform = Platform.current();
    var parent = birth.parent();
    platform.becomeChildOf(new ProcessIdentity(parent.pid(), parent.start()));
    var watch = ParentWatch.start();
    Seam.at(Step.CHILD_BORN);

    var channel = new ChannelLayout(platform.attach(handle(birth.channel())).memory());
    var hub = platform.attach(handle(birth.hub())).memory();
    var parentDoorbell = platform.doorbell(HubLayout.responseDoorbell(hub));
    var requestDoorbell = platform.doorbell(channel.requestDoorbell());
    var controlDoorbell = platform.doorbell(channel.controlDoorbell());
    Runnable exiting =
        () -> {
          channel.setState(ChannelLayout.EXITING);
          watch.stop();
          requestDoorbell.leaveNative();
          controlDoorbell.leaveNative();
        };
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("procession-exiting").unstarted(exiting));
    var control =
        ControlClient.start(
            channel, controlDoorbell, platform.doorbell(HubLayout.controlDoorbell(hub)));
    var loop = new WorkerLoop(channel, requestDoorbell, parentDoorbell, control);
    channel.setState(ChannelLayout.READY);
    Seam.at(Step.CHILD_READY);
    parentDoorbell.ring();
    Thread.currentThread().setName(birth.name());
    if (birth.worker()) {
      Thread.setDefaultUncaughtExceptionHandler(new MemoryEnd(channel));
      loop.serve();
      // What user code left running must not keep a worker that is not needed any more.
      System.exit(0);
    } else {
      loop.runOne();
    }
  }

  /** The parent deletes it, too, unless it dies first. */
  private static void deleteArgumentFile() throws IOException {
    var file = System.getProperty("procession.argumentFile");
    if (file != null) {
      Files.deleteIfExists(Path.of(file));
    }
  }

  private static SegmentHandle handle(byte[] encoded) throws IOException {
    return SegmentHandle.decode(new DataInputStream(new ByteArrayInputStream(encoded)));
  }
}
