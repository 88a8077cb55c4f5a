package io.procession.internal.worker;

import io.procession.internal.os.Platform;
import io.procession.internal.os.Segment;
import io.procession.internal.os.SegmentHandle;
import io.procession.internal.wire.Control;
import io.procession.internal.wire.ElsewhereFrame;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The parent's segments that this child has mapped, until the parent says that they are done with.
 */
final class Attachments {

  private final ControlClient control;
  private final Map<Long, Segment> mapped = new ConcurrentHashMap<>();

  Attachments(ControlClient control) {
    this.control = control;
  }

  /** The memory in which a message lies. */
  MemorySegment memory(ElsewhereFrame place) throws IOException {
    var segment = mapped.get(place.segment());
    if (segment == null) {
      segment = attach(decode(place.handle()));
    }
    return segment.memory().asSlice(place.offset(), place.size());
  }

  /** A segment into which this child may write, of at least this size. */
  Segment lease(long bytes) throws IOException {
    var request = ByteBuffer.allocate(Long.BYTES).putLong(bytes).array();
    var granted = decode(control.ask(Control.LEASE, request));
    Seam.at(Step.LEASE_GRANTED);
    try {
      return attach(granted);
    } catch (IOException | RuntimeException | Error e) {
      giveBack(granted.id());
      throw e;
    }
  }

  /** Gives a leased segment back. */
  void giveBack(Segment segment) {
    giveBack(segment.handle().id());
  }

  private void giveBack(long id) {
    control.tell(Control.RETURN, ByteBuffer.allocate(Long.BYTES).putLong(id).array());
    Seam.at(Step.LEASE_RETURNED);
  }

  private static SegmentHandle decode(byte[] encoded) throws IOException {
    return SegmentHandle.decode(new DataInputStream(new ByteArrayInputStream(encoded)));
  }

  private Segment attach(SegmentHandle handle) throws IOException {
    var known = mapped.get(handle.id());
    if (known != null) {
      return known;
    }
    var segment = Platform.current().attach(handle);
    mapped.put(handle.id(), segment);
    Seam.at(Step.SEGMENT_ATTACHED);
    return segment;
  }

  void forget(long id) throws IOException {
    var segment = mapped.remove(id);
    if (segment != null) {
      segment.close();
      Seam.at(Step.SEGMENT_FORGOTTEN);
    }
  }
}
