"""Trains a small network on handwritten digits (MNIST) on one GPU."""

import argparse
import sys

import tensorflow as tf

BATCH_SIZE = 100
REPORT_EVERY = 100
LEAST_ACCURACY = 0.9


def datasets():
    (train_images, train_labels), (test_images, test_labels) = tf.keras.datasets.mnist.load_data()
    training = tf.data.Dataset.from_tensor_slices((train_images / 255.0, train_labels))
    return training.shuffle(len(train_images), seed=0).repeat().batch(BATCH_SIZE), (test_images / 255.0, test_labels)


def network():
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [layers.Input((28, 28)), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500, help="training steps of %d images each" % BATCH_SIZE)
    steps = parser.parse_args().steps
    if not tf.config.list_physical_devices("GPU"):
        sys.exit("No GPU is visible to this pod.")

    training, (test_images, test_labels) = datasets()
    model = network()
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    for step, (images, labels) in enumerate(training.take(steps), start=1):
        measured = model.train_on_batch(images, labels, return_dict=True)
        if step % REPORT_EVERY == 0:
            print(f"step {step} loss {measured['loss']:.4f} accuracy {measured['accuracy']:.3f}", flush=True)

    accuracy = model.evaluate(test_images, test_labels, verbose=0, return_dict=True)["accuracy"]
    print(f"test accuracy {accuracy:.3f}", flush=True)
    if accuracy < LEAST_ACCURACY:
        sys.exit(f"A test accuracy below {LEAST_ACCURACY} means that the training went wrong.")


if __name__ == "__main__":
    main()
