package example.refit;

import java.util.Objects;

/**
 * What is known of a customer on the day of the prediction. A region that the model has not seen in training counts as
 * not known, and so does each number that is null.
 *
 * @param tenureDays days since the customer signed up
 * @param age years, or null
 * @param minutes minutes phoned per week over the last eight weeks, or null
 * @param minutesTrend minutes per week in the last four weeks less those in the four before, or null
 * @param supportCalls calls to support in the last eight weeks
 */
public record Customer(
    String region, Plan plan, int tenureDays, Integer age, Double minutes, Double minutesTrend, int supportCalls) {

  public Customer {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(plan, "plan");
  }

  /** What a customer pays for. */
  public enum Plan {
    BASIC,
    STANDARD,
    PREMIUM
  }
}
