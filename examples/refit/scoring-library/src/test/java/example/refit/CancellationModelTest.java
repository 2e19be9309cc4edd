package example.refit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.refit.Customer.Plan;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CancellationModelTest {
  private final CancellationModel model = CancellationModel.load();

  @Test
  void theModelAsksForTheColumnsThatACustomerHas() {
    Customer customer = new Customer("north", Plan.BASIC, 400, 40, 90.0, -5.0, 1);
    assertEquals(Set.copyOf(model.columns()), CancellationModel.row(customer).keySet());
  }

  @Test
  void aCustomerOfWhomLittleIsKnownIsPredictedAllTheSame() {
    double probability = model.probability(new Customer("a new region", Plan.PREMIUM, 0, null, null, null, 0));
    assertTrue(probability > 0 && probability < 1, () -> "the probability is " + probability);
  }

  @Test
  void theLibraryTellsWhatMadeItsModel() {
    assertTrue(CancellationModel.lineage().contains("\"commit\""));
  }
}
