"""Run by test_replicas.py: a model's losses on two replicas, one image each.

Each replica waits for the other between its assignment of targets and its losses, which is when
they could be mixed up.
"""

from __future__ import annotations

import numpy as np

from tests.losses import configs
from tests.losses.configs import Member
from tests.losses.models import (
    BOXES,
    KEYS,
    SHAPES,
    box_list,
    model_builder,
    one_hot,
    parse,
    ssd_anchors,
    ssd_predictions,
    tf,
)

STEP = 3
FIELDS = {
    "weights": "class_weights: [0.25, 3.0, 1.7]",
    "weights of each batch": "batch_class_weights { scheme: INVERSE normalize: MIN }",
    "weights that have begun": "class_weights: [0.25, 3.0, 1.7] class_weights_start_step: 1 "
    "class_weights_ramp_steps: 4",
}


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    found = [compared(strategy, fields) for fields in FIELDS.values()]
    for one, other in ((0, 1), (0, 2)):
        assert not np.allclose(found[one], found[other]), "the fields change nothing"
    print("the same on two replicas")


def compared(strategy, fields):
    """The losses of both images, each on a replica of its own and each alone."""
    losses_ = (
        Member("weighted_sigmoid_focal", ours=fields),
        Member("weighted_smooth_l1", ours=fields),
    )
    with strategy.scope():
        model = model_builder.build(
            parse(configs.ssd(*losses_)), is_training=True, add_summaries=False
        )
        model._anchors = box_list.BoxList(tf.constant(ssd_anchors()))
        model._training_step = tf.Variable(  # as model_lib_v2's train loop makes it
            STEP,
            trainable=False,
            dtype=tf.int64,
            aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
        )
    alone = [losses(model, image).numpy() for image in range(2)]
    wait_before(model, "_localization_loss")
    wait_before(model, "_classification_loss")
    found = strategy.experimental_local_results(on_replicas(strategy, model))
    together = [value.numpy() for value in found]
    np.testing.assert_allclose(together, alone, rtol=1e-5)
    return together


@tf.function
def on_replicas(strategy, model):
    return strategy.run(losses, args=(model,))


def wait_before(model, name):
    loss = getattr(model, name)

    def waiting(*args, **kwargs):
        tf.distribute.get_replica_context().merge_call(lambda strategy: None)
        return loss(*args, **kwargs)

    setattr(model, name, waiting)


def losses(model, image=None):
    """Both losses of one image: the replica's, where none is given."""
    if image is None:
        image = tf.get_static_value(tf.distribute.get_replica_context().replica_id_in_sync_group)
    model.provide_groundtruth(
        groundtruth_boxes_list=[tf.constant(BOXES[image])],
        groundtruth_classes_list=[tf.constant(one_hot()[image])],
        groundtruth_weights_list=[tf.ones(len(BOXES[image]))],
    )
    predictions = {
        name: tf.constant(value[image : image + 1])
        for name, value in ssd_predictions().trained.items()
    }
    found = model.loss(predictions, tf.constant(SHAPES[:1]))
    return tf.stack([found[key] for key in KEYS["ssd"]])


if __name__ == "__main__":
    main()
