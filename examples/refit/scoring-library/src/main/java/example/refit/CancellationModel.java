package example.refit;

import hex.ModelCategory;
import hex.genmodel.MojoModel;
import hex.genmodel.MojoReaderBackendFactory;
import hex.genmodel.MojoReaderBackendFactory.CachingStrategy;
import hex.genmodel.easy.EasyPredictModelWrapper;
import hex.genmodel.easy.RowData;
import hex.genmodel.easy.exception.PredictException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Predicts who cancels within the next 30 days, with the model that this library was packaged with. Threads may share it. */
public final class CancellationModel {
  private final EasyPredictModelWrapper model;

  private CancellationModel(MojoModel model) {
    this.model =
        new EasyPredictModelWrapper(
            new EasyPredictModelWrapper.Config().setModel(model).setConvertUnknownCategoricalLevelsToNa(true));
  }

  /** Reads the model out of the library. */
  public static CancellationModel load() {
    try {
      URL resource = Objects.requireNonNull(CancellationModel.class.getResource("model.zip"), "there is no model.zip");
      MojoModel model =
          MojoModel.load(MojoReaderBackendFactory.createReaderBackend(resource, CachingStrategy.MEMORY));
      if (model.getModelCategory() != ModelCategory.Binomial) {
        throw new IllegalStateException("the model predicts no yes or no but " + model.getModelCategory());
      }
      return new CancellationModel(model);
    } catch (IOException error) {
      throw new UncheckedIOException("the library holds no readable model", error);
    }
  }

  /** Which code, data and parameters made the model, as JSON. */
  public static String lineage() {
    try (InputStream lineage = CancellationModel.class.getResourceAsStream("lineage.json")) {
      return new String(lineage.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException error) {
      throw new UncheckedIOException("the library holds no readable lineage", error);
    }
  }

  /** The columns that the model was trained on. */
  List<String> columns() {
    return List.of(model.m.features());
  }

  /** Probability, from 0 to 1, that the customer cancels. */
  public double probability(Customer customer) {
    try {
      return model.predictBinomial(row(customer)).classProbabilities[1];
    } catch (PredictException error) {
      throw new IllegalArgumentException("the model can not read " + customer, error);
    }
  }

  static RowData row(Customer customer) {
    RowData row = new RowData();
    row.put("region", customer.region());
    row.put("plan", customer.plan().name().toLowerCase(Locale.ROOT));
    row.put("tenure_days", (double) customer.tenureDays());
    if (customer.age() != null) row.put("age", customer.age().doubleValue());
    if (customer.minutes() != null) row.put("minutes", customer.minutes());
    if (customer.minutesTrend() != null) row.put("minutes_trend", customer.minutesTrend());
    row.put("support_calls", (double) customer.supportCalls());
    return row;
  }
}
