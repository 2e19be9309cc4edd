package example.refit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import example.refit.Customer.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The packaged library answers what the trained model answered for the same rows. */
class ParityIT {
  /** Java leaves the last digit of its exponential function to the machine. */
  private static final double LAST_DIGITS = 1e-12;

  @Test
  void theLibraryAnswersWhatTheTrainedModelAnswered() throws IOException {
    CancellationModel model = CancellationModel.load();
    List<Sample> samples =
        Files.readAllLines(Path.of(System.getProperty("samples"))).stream().skip(1).map(Sample::of).toList();
    assertFalse(samples.isEmpty(), "there are no sample rows");

    List<String> differences =
        samples.stream()
            .filter(sample -> !(Math.abs(model.probability(sample.customer) - sample.probability) <= LAST_DIGITS))
            .map(sample -> sample.name + ": " + sample.probability + " became " + model.probability(sample.customer))
            .toList();
    if (!differences.isEmpty()) {
      fail(
          "%d of %d rows differ between the trained model and the library:%n%s"
              .formatted(differences.size(), samples.size(), String.join(System.lineSeparator(), differences)));
    }
  }

  /** A line of samples.csv. */
  private record Sample(String name, Customer customer, double probability) {
    static Sample of(String line) {
      String[] cells = line.split(",", -1);
      Customer customer =
          new Customer(
              cells[1],
              Plan.valueOf(cells[2].toUpperCase(Locale.ROOT)),
              Integer.parseInt(cells[3]),
              cells[4].isEmpty() ? null : Integer.valueOf(cells[4]),
              cells[5].isEmpty() ? null : Double.valueOf(cells[5]),
              cells[6].isEmpty() ? null : Double.valueOf(cells[6]),
              Integer.parseInt(cells[7]));
      return new Sample(cells[0], customer, Double.parseDouble(cells[8]));
    }
  }
}
