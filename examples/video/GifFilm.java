package video;

import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;

/**
 * An animated GIF, put together as browsers do it: on a white page, a delay of less than 20 ms
 * taken for 100 ms. One that repeats itself is played again until its last second has met its
 * first.
 */
final class GifFilm implements Film {

  private final ImageInputStream in;
  private final ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
  private final BufferedImage screen; // what the frames are drawn on, transparent at first
  private final BufferedImage picture;
  private BufferedImage saved; // the screen as it was before the frame, if it will be so again
  private Rectangle place = new Rectangle();
  private String disposal = "none";
  private int index;
  private int repeats; // -1: for ever
  private long millis;
  private long nextMillis;
  private long passMillis = -1;

  GifFilm(ImageInputStream in) throws IOException {
    this.in = in;
    reader.setInput(in, false, false);
    try {
      var size = node(reader.getStreamMetadata().getAsTree(STREAM), "LogicalScreenDescriptor");
      int width = number(size, "logicalScreenWidth");
      int height = number(size, "logicalScreenHeight");
      screen = Film.newPicture(width, height, BufferedImage.TYPE_INT_ARGB);
      picture = Film.newPicture(width, height, BufferedImage.TYPE_INT_RGB);
    } catch (IOException | RuntimeException e) {
      reader.dispose();
      throw e;
    }
  }

  private static final String STREAM = "javax_imageio_gif_stream_1.0";
  private static final String IMAGE = "javax_imageio_gif_image_1.0";

  private static IIOMetadataNode node(org.w3c.dom.Node tree, String name) {
    return (IIOMetadataNode) ((IIOMetadataNode) tree).getElementsByTagName(name).item(0);
  }

  private static int number(IIOMetadataNode node, String attribute) {
    return Integer.parseInt(node.getAttribute(attribute));
  }

  @Override
  public boolean next() throws IOException {
    dispose();
    var frame = read();
    if (frame == null) {
      return false;
    }
    var tree = frame.getMetadata().getAsTree(IMAGE);
    if (index == 1 && passMillis < 0) {
      repeats = repeats((IIOMetadataNode) tree);
    }
    var where = node(tree, "ImageDescriptor");
    int left = number(where, "imageLeftPosition");
    int top = number(where, "imageTopPosition");
    var image = frame.getRenderedImage();
    place = new Rectangle(left, top, image.getWidth(), image.getHeight());

    var control = node(tree, "GraphicControlExtension");
    int delay = control == null ? 0 : number(control, "delayTime");
    disposal = control == null ? "none" : control.getAttribute("disposalMethod");
    if (disposal.equals("restoreToPrevious")) {
      saved = new BufferedImage(screen.getWidth(), screen.getHeight(), screen.getType());
      screen.copyData(saved.getRaster());
    }
    draw((BufferedImage) image);
    millis = nextMillis;
    nextMillis += delay < 2 ? 100 : delay * 10L;
    return true;
  }

  private void draw(BufferedImage image) {
    var onScreen = screen.createGraphics();
    onScreen.drawImage(image, place.x, place.y, null);
    onScreen.dispose();
    var onPage = picture.createGraphics();
    onPage.drawImage(screen, 0, 0, Color.WHITE, null);
    onPage.dispose();
  }

  /** Does what the frame before asked for. */
  private void dispose() {
    switch (disposal) {
      case "restoreToBackgroundColor" -> clear(place);
      case "restoreToPrevious" -> saved.copyData(screen.getRaster());
      default -> {} // the frame stays
    }
    disposal = "none";
  }

  private void clear(Rectangle area) {
    var graphics = screen.createGraphics();
    graphics.setComposite(AlphaComposite.Clear);
    graphics.fill(area);
    graphics.dispose();
  }

  /** The next frame, of the next pass if need be; null at the end. */
  private IIOImage read() throws IOException {
    try {
      return reader.readAll(index++, null);
    } catch (IndexOutOfBoundsException end) {
      if (index == 1) {
        throw new IOException("there is no picture in it", end);
      }
      if (passMillis < 0) {
        passMillis = nextMillis;
      }
      if (repeats == 0 || nextMillis > passMillis + 1000) {
        return null;
      }
      repeats--;
      index = 0;
      clear(new Rectangle(screen.getWidth(), screen.getHeight()));
      return read();
    }
  }

  /** How often it starts again, as the first frame says; -1 for ever. */
  private static int repeats(IIOMetadataNode tree) {
    var extensions = tree.getElementsByTagName("ApplicationExtension");
    for (int i = 0; i < extensions.getLength(); i++) {
      var extension = (IIOMetadataNode) extensions.item(i);
      var data = (byte[]) extension.getUserObject();
      if (extension.getAttribute("applicationID").equals("NETSCAPE") && data.length >= 3) {
        int times = (data[1] & 255) | (data[2] & 255) << 8;
        return times == 0 ? -1 : times;
      }
    }
    return 0;
  }

  @Override
  public BufferedImage picture() {
    return picture;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    in.close();
  }
}
