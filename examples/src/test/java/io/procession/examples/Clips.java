package io.procession.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOInvalidTreeException;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;

/** Makes small videos. */
final class Clips {

  static final int WIDTH = 96;
  static final int HEIGHT = 72;

  private Clips() {}

  /** A frame of a GIF, which may be smaller than the screen. */
  record Frame(BufferedImage picture, int left, int top, int hundredths, String disposal) {

    Frame(BufferedImage picture, int hundredths) {
      this(picture, 0, 0, hundredths, "none");
    }
  }

  static BufferedImage plain(Color color) {
    return patch(color, color, WIDTH, HEIGHT);
  }

  /** A patch of {@code width} x {@code height} in the middle of a plain picture. */
  static BufferedImage patch(Color ground, Color color, int width, int height) {
    var picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    var graphics = picture.createGraphics();
    graphics.setColor(ground);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    graphics.setColor(color);
    graphics.fillRect((WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
    graphics.dispose();
    return picture;
  }

  /**
   * @param repeats how often it starts again; 0 for ever, -1 if that is not said
   */
  static Path gif(Path file, int repeats, List<Frame> frames) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var writer = ImageIO.getImageWritersByFormatName("gif").next();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(screen(writer));
      int saidRepeats = repeats;
      for (var frame : frames) {
        var metadata = metadata(writer, frame, saidRepeats);
        writer.writeToSequence(new IIOImage(frame.picture, null, metadata), null);
        saidRepeats = -1;
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return Files.write(file, bytes.toByteArray());
  }

  private static IIOMetadata screen(ImageWriter writer) throws IIOInvalidTreeException {
    var metadata = writer.getDefaultStreamMetadata(null);
    var tree = (IIOMetadataNode) metadata.getAsTree(metadata.getNativeMetadataFormatName());
    var screen = child(tree, "LogicalScreenDescriptor");
    screen.setAttribute("logicalScreenWidth", "" + WIDTH);
    screen.setAttribute("logicalScreenHeight", "" + HEIGHT);
    screen.setAttribute("colorResolution", "8");
    screen.setAttribute("pixelAspectRatio", "0");
    metadata.setFromTree(metadata.getNativeMetadataFormatName(), tree);
    return metadata;
  }

  private static IIOMetadata metadata(ImageWriter writer, Frame frame, int repeats)
      throws IIOInvalidTreeException {
    var type = ImageTypeSpecifier.createFromRenderedImage(frame.picture);
    var metadata = writer.getDefaultImageMetadata(type, null);
    var format = metadata.getNativeMetadataFormatName();
    var tree = (IIOMetadataNode) metadata.getAsTree(format);
    var place = child(tree, "ImageDescriptor");
    place.setAttribute("imageLeftPosition", "" + frame.left);
    place.setAttribute("imageTopPosition", "" + frame.top);
    var control = child(tree, "GraphicControlExtension");
    control.setAttribute("disposalMethod", frame.disposal);
    control.setAttribute("delayTime", "" + frame.hundredths);
    if (repeats >= 0) {
      var extension = new IIOMetadataNode("ApplicationExtension");
      extension.setAttribute("applicationID", "NETSCAPE");
      extension.setAttribute("authenticationCode", "2.0");
      extension.setUserObject(new byte[] {1, (byte) repeats, (byte) (repeats >> 8)});
      child(tree, "ApplicationExtensions").appendChild(extension);
    }
    metadata.setFromTree(format, tree);
    return metadata;
  }

  private static IIOMetadataNode child(IIOMetadataNode tree, String name) {
    if (tree.getElementsByTagName(name).item(0) instanceof IIOMetadataNode found) {
      return found;
    }
    var made = new IIOMetadataNode(name);
    tree.appendChild(made);
    return made;
  }

  /** Motion JPEG; a picture that is the very one before it is left out, as the format allows. */
  static Path avi(Path file, int picturesPerSecond, boolean tables, List<BufferedImage> pictures)
      throws IOException {
    var movie = new ByteArrayOutputStream();
    for (int i = 0; i < pictures.size(); i++) {
      var picture = pictures.get(i);
      boolean again = i > 0 && picture.equals(pictures.get(i - 1));
      movie.writeBytes(chunk("00dc", again ? new byte[0] : jpeg(picture, tables)));
      movie.writeBytes(chunk("01wb", new byte[3])); // a little sound, of an odd length
    }
    var video = streamHeader("vidsMJPG", picturesPerSecond);
    var sound = streamHeader("auds\0\0\0\0", 8000);
    var headers =
        join(chunk("avih", new byte[56]), list("LIST", "strl", video), list("LIST", "strl", sound));
    var body =
        join(
            list("LIST", "hdrl", headers),
            chunk("JUNK", new byte[17]),
            list("LIST", "movi", movie.toByteArray()));
    return Files.write(file, list("RIFF", "AVI ", body));
  }

  private static byte[] streamHeader(String typeAndCodec, int rate) {
    var header = new byte[56];
    littleEndian(header).put(typeAndCodec.getBytes(ISO_8859_1)).putInt(20, 1).putInt(24, rate);
    return chunk("strh", header);
  }

  private static byte[] chunk(String name, byte[] data) {
    var chunk = new byte[8 + data.length + data.length % 2];
    littleEndian(chunk).put(name.getBytes(ISO_8859_1)).putInt(data.length).put(data);
    return chunk;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] list(String name, String kind, byte[] chunks) {
    return chunk(name, join(kind.getBytes(ISO_8859_1), chunks));
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] jpeg(BufferedImage picture, boolean tables) {
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "jpeg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tables ? out.toByteArray() : withoutHuffmanTables(out.toByteArray());
  }

  /** Before the scan, which is copied as it is, a JPEG is a list of marked segments. */
  private static byte[] withoutHuffmanTables(byte[] jpeg) {
    var in = ByteBuffer.wrap(jpeg);
    var out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    int at = 2;
    while (in.getShort(at) != (short) 0xFFDA) {
      int length = 2 + Short.toUnsignedInt(in.getShort(at + 2));
      if (in.getShort(at) != (short) 0xFFC4) {
        out.write(jpeg, at, length);
      }
      at += length;
    }
    out.write(jpeg, at, jpeg.length - at);
    return out.toByteArray();
  }
}
