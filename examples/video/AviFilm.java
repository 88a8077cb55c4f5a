package video;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import javax.imageio.plugins.jpeg.JPEGImageReadParam;
import javax.imageio.plugins.jpeg.JPEGQTable;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The first video stream of an AVI file, if it is motion JPEG. The file is a tree of chunks, each a
 * name of four letters, its length, and that many bytes; here the tree is walked as if it were
 * flat.
 */
final class AviFilm implements Film {

  private static final int MAX_PICTURE_BYTES = 64 << 20;

  private final ImageInputStream in;
  private final long length;
  private final ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
  private long end; // of the file, as its header says
  private int streams;
  private int stream = -1;
  private String codec = "";
  private long scale;
  private long rate; // pictures per `scale` seconds
  private long number = -1; // of the picture
  private BufferedImage picture;

  /** Reads the headers. */
  AviFilm(ImageInputStream in, long length) throws IOException {
    this.in = in;
    this.length = length;
    in.setByteOrder(ByteOrder.LITTLE_ENDIAN);
    while (true) {
      var chunk = nextChunk();
      if (chunk == null) {
        throw new IOException("there are no pictures in it");
      }
      if (chunk.name.equals("movi")) {
        break;
      }
      if (chunk.name.equals("strh")) {
        readStreamHeader();
      }
      in.seek(chunk.end);
    }
    if (stream < 0 || rate < 1 || scale < 1) {
      throw new IOException(
          "it has no video with a frame rate. stream=%d scale=%d rate=%d"
              .formatted(stream, scale, rate));
    }
  }

  private void readStreamHeader() throws IOException {
    var type = name();
    if (type.equals("vids") && stream < 0) {
      stream = streams;
      codec = name().toUpperCase(Locale.ROOT);
      in.skipBytes(12);
      scale = in.readUnsignedInt();
      rate = in.readUnsignedInt();
    }
    streams++;
  }

  boolean isMotionJpeg() {
    return codec.equals("MJPG") || codec.equals("JPEG");
  }

  private record Chunk(String name, int size, long end) {}

  /** The next chunk that holds data, or the list of pictures; null at the end of the file. */
  private Chunk nextChunk() throws IOException {
    while (true) {
      long position = in.getStreamPosition();
      if (position + 8 > length) {
        if (position < end) {
          throw cutOff(position);
        }
        return null;
      }
      var name = name();
      long size = in.readUnsignedInt();
      if (name.equals("RIFF")) {
        end = position + 8 + size;
      }
      if (name.equals("RIFF") || name.equals("LIST")) {
        var kind = name();
        if (kind.equals("movi")) {
          return new Chunk(kind, 0, in.getStreamPosition());
        }
      } else if (position + 8 + size > length) {
        throw cutOff(position);
      } else {
        return new Chunk(name, (int) size, position + 8 + size + (size & 1)); // at even places
      }
    }
  }

  private IOException cutOff(long position) {
    return new EOFException(
        "it is cut off. position=%d length=%d end=%d".formatted(position, length, end));
  }

  private String name() throws IOException {
    var letters = new byte[4];
    in.readFully(letters);
    return new String(letters, ISO_8859_1);
  }

  @Override
  public boolean next() throws IOException {
    var compressed = "%02ddc".formatted(stream);
    var uncompressed = "%02ddb".formatted(stream); // as some writers call JPEGs, too
    for (Chunk chunk; (chunk = nextChunk()) != null; in.seek(chunk.end)) {
      if (chunk.name.equals(compressed) || chunk.name.equals(uncompressed)) {
        number++;
        if (chunk.size > 0) { // otherwise the last one stays
          decode(chunk);
        }
        if (picture != null) {
          in.seek(chunk.end);
          in.flush();
          return true;
        }
      }
    }
    if (picture == null) {
      throw new IOException("there are no pictures in it");
    }
    return false;
  }

  private void decode(Chunk chunk) throws IOException {
    if (chunk.size < 0 || chunk.size > MAX_PICTURE_BYTES) {
      throw new IOException("a picture is too large. bytes=" + chunk.size);
    }
    var bytes = new byte[chunk.size];
    in.readFully(bytes);
    reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if (picture == null || picture.getWidth() != width || picture.getHeight() != height) {
      picture = Film.newPicture(width, height, BufferedImage.TYPE_INT_RGB);
    }
    var graphics = picture.createGraphics();
    graphics.drawImage(reader.read(0, withStandardTables()), 0, 0, null);
    graphics.dispose();
  }

  /** Motion JPEG may leave out the Huffman tables; then they are those of the JPEG standard. */
  private JPEGImageReadParam withStandardTables() {
    var param = (JPEGImageReadParam) reader.getDefaultReadParam();
    param.setDecodeTables(
        new JPEGQTable[] {JPEGQTable.K1Luminance, JPEGQTable.K2Chrominance},
        new JPEGHuffmanTable[] {JPEGHuffmanTable.StdDCLuminance, JPEGHuffmanTable.StdDCChrominance},
        new JPEGHuffmanTable[] {
          JPEGHuffmanTable.StdACLuminance, JPEGHuffmanTable.StdACChrominance
        });
    return param;
  }

  @Override
  public BufferedImage picture() {
    return picture;
  }

  @Override
  public long millis() {
    return Math.round(number * 1000.0 * scale / rate);
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    in.close();
  }
}
