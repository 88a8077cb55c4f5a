import io.procession.*;
import java.awt.AlphaComposite;
import java.awt.RenderingHints;
import java.awt.image.*;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

// A folder of pictures, blurred or scaled, one task for each: reading, computing and writing all
// happen in the workers, so that only names travel. A file that is no picture fails its own task.
//
//   ImageBatch blur <pixels> <folder> <new folder>
//   ImageBatch scale <percent> <folder> <new folder>

BufferedImage blur(BufferedImage image, int pixels) {
  int width = image.getWidth();
  int height = image.getHeight();
  // With a margin, stretched from the picture, the border blurs too.
  var framed = draw(image, width + 2 * pixels, height + 2 * pixels);
  var graphics = framed.createGraphics();
  graphics.setComposite(AlphaComposite.Src);
  graphics.drawImage(image, pixels, pixels, null);
  graphics.dispose();
  var weights = new float[2 * pixels + 1];
  float sum = 0;
  for (int i = 0; i < weights.length; i++) {
    double distance = 2.0 * (i - pixels) / pixels;
    sum += weights[i] = (float) Math.exp(-distance * distance / 2);
  }
  for (int i = 0; i < weights.length; i++) {
    weights[i] /= sum;
  }
  var across = new ConvolveOp(new Kernel(weights.length, 1, weights));
  var down = new ConvolveOp(new Kernel(1, weights.length, weights));
  var blurred = down.filter(across.filter(framed, null), null);
  return draw(blurred.getSubimage(pixels, pixels, width, height), width, height);
}

BufferedImage scale(BufferedImage image, int percent) {
  int width = Math.max(1, image.getWidth() * percent / 100);
  int height = Math.max(1, image.getHeight() * percent / 100);
  var half = image;
  while (half.getWidth() >= 2 * width && half.getHeight() >= 2 * height) {
    half = draw(half, half.getWidth() / 2, half.getHeight() / 2); // or pixels would be left out
  }
  return draw(half, width, height);
}

BufferedImage draw(BufferedImage image, int width, int height) {
  boolean transparent = image.getColorModel().hasAlpha();
  int type = transparent ? BufferedImage.TYPE_INT_ARGB_PRE : BufferedImage.TYPE_INT_RGB;
  var drawn = new BufferedImage(width, height, type);
  var graphics = drawn.createGraphics();
  graphics.setRenderingHint(
      RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
  graphics.drawImage(image, 0, 0, width, height, null);
  graphics.dispose();
  return drawn;
}

String ending(Path file) {
  var name = file.getFileName().toString();
  return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
}

/** Gives a checksum of the file that it wrote. */
long convert(String how, int amount, Path file, Path folder) throws IOException {
  var image = ImageIO.read(file.toFile());
  if (image == null) {
    throw new IOException("no picture that Java can read");
  }
  var converted = how.equals("blur") ? blur(image, amount) : scale(image, amount);
  var bytes = new ByteArrayOutputStream();
  if (!ImageIO.write(converted, ending(file), bytes)) {
    throw new IOException("Java cannot write this as ." + ending(file));
  }
  Files.write(folder.resolve(file.getFileName()), bytes.toByteArray());
  var checksum = new CRC32();
  checksum.update(bytes.toByteArray());
  return checksum.getValue();
}

double secondsSince(long startNanos) {
  return (System.nanoTime() - startNanos) / 1e9;
}

void main(String[] arguments) throws IOException {
  if (arguments.length != 4
      || !arguments[0].matches("blur|scale")
      || !arguments[1].matches("[1-9][0-9]{0,2}")
      || !Files.isDirectory(Path.of(arguments[2]))) {
    System.err.println(
        """
        usage: ImageBatch blur <pixels, 1 to 999> <folder> <new folder>
               ImageBatch scale <percent, 1 to 999> <folder> <new folder>\
        """);
    System.exit(2);
  }
  var how = arguments[0];
  int amount = Integer.parseInt(arguments[1]);
  var from = Path.of(arguments[2]);
  var to = Files.createDirectories(Path.of(arguments[3]));
  if (Files.isSameFile(from, to)) {
    System.err.println("the new folder must be another one, or the pictures would be lost: " + to);
    System.exit(2);
  }
  var endings = Set.of(ImageIO.getReaderFileSuffixes());
  List<Path> files;
  try (var found = Files.list(from)) {
    files = found.filter(file -> endings.contains(ending(file))).sorted().toList();
  }

  int workers = Runtime.getRuntime().availableProcessors();
  var checksums = new HashMap<Path, Long>();
  double parallel;
  try (var pool =
      Pool.builder().workers(workers).jvmArguments("-Djava.awt.headless=true").build()) {
    pool.map(n -> n, IntStream.range(0, workers)); // the workers are up before the clock starts
    long start = System.nanoTime();
    var tasks = pool.mapAsync(file -> convert(how, amount, file, to), files);
    for (int i = 0; i < files.size(); i++) {
      try {
        checksums.put(files.get(i), tasks.get(i).join());
      } catch (CompletionException e) {
        System.err.println("not converted: " + files.get(i) + ": " + e.getCause());
      }
    }
    parallel = secondsSince(start);
  }

  System.setProperty("java.awt.headless", "true");
  var serialChecksums = new HashMap<Path, Long>();
  long start = System.nanoTime();
  for (var file : files) {
    try {
      serialChecksums.put(file, convert(how, amount, file, to));
    } catch (IOException | RuntimeException e) {
      continue; // named above
    }
  }
  double serial = secondsSince(start);
  IO.println(
      "%d of %d pictures converted%s"
          .formatted(
              checksums.size(),
              files.size(),
              checksums.equals(serialChecksums) ? ", the same serially" : ": WRONG"));
  IO.println("serial   %8.3f s".formatted(serial));
  IO.println("parallel %8.3f s on %d workers".formatted(parallel, workers));
  IO.println("speed-up %8.2f".formatted(serial / parallel));
  if (checksums.size() < files.size()) {
    System.exit(1);
  }
}
