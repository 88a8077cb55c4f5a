package io.procession.internal.os;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * All that another process needs to attach a segment.
 *
 * @param ownerPid the process that created it and keeps it alive
 * @param ownerStart when that process started, as in {@link ProcessIdentity}
 * @param location where it is: the owner's descriptor number (memfd) or the path of a file
 * @param id the random number in the segment's header, which tells it from any later one there
 * @param bytes the size of its payload
 */
public record SegmentHandle(long ownerPid, long ownerStart, String location, long id, long bytes) {

  /** The process that created the segment and keeps it alive. */
  public ProcessIdentity owner() {
    return new ProcessIdentity(ownerPid, ownerStart);
  }

  /** Appends this handle to {@code out}: 34 bytes and the location's. */
  public void encode(DataOutput out) throws IOException {
    out.writeLong(ownerPid);
    out.writeLong(ownerStart);
    out.writeLong(id);
    out.writeLong(bytes);
    out.writeUTF(location);
  }

  /** Reads what {@link #encode} wrote. */
  public static SegmentHandle decode(DataInput in) throws IOException {
    var ownerPid = in.readLong();
    var ownerStart = in.readLong();
    var id = in.readLong();
    var bytes = in.readLong();
    return new SegmentHandle(ownerPid, ownerStart, in.readUTF(), id, bytes);
  }
}
