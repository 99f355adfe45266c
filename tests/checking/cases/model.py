"""What TFOD's model builder refuses, and losses that are not what they seem."""

from __future__ import annotations

from tests.checking.making import (
    CENTER_NET,
    CONFIG,
    FASTER_RCNN,
    LABEL_MAP,
    Case,
    both,
    config,
    model,
    removed,
    replaced,
    written,
)

_ANCHORS = "grid_anchor_generator { scales: 1 aspect_ratios: 1 }"
_PREDICTOR = "mask_rcnn_box_predictor { }"
_MASKS = "mask_rcnn_box_predictor { predict_instance_masks: true }"

CASES = {
    "no model": Case(
        written(CONFIG, b"train_config { }\n"), "model", 1, "names no model",
        others=[
            "num-steps-missing", "optimizer-missing", "eval-input-missing", "input-missing",
        ],
    ),
    "rpn": Case(
        model(FASTER_RCNN, "num_classes: 3", "num_classes: 3 number_of_stages: 1"),
        "model-without-classes", 3, "region proposal network",
    ),
    "experimental": Case(
        model('model { experimental_model { name: "x" } }\n'),
        "model-without-classes", 1, "experimental_model is not",
    ),
    "deepmac": Case(
        model(CENTER_NET.replace("object_detection_task { localization_loss { "
                                 "l1_localization_loss { } } }", "deepmac_mask_estimation { }"),
              "object_center_params {\n      classification_loss { "
              "penalty_reduced_logistic_focal_loss { } }\n    }\n", ""),
        "model-without-classes", 2, "classifies nothing",
    ),
    "no num_classes": Case(removed("num_classes: 3"), "num-classes", 5, "ssd has no num_classes"),
    "num_classes 0": Case(config("num_classes: 3", "num_classes: 0"), "num-classes", 6, "0"),
    "num_classes in the billions": Case(
        both(replaced(LABEL_MAP, "id: 3", "id: 2000000000"),
             config("num_classes: 3", "num_classes: 2000000000")),
        "num-classes", 6, "more than 100,000 are a mistake",
    ),
    "slim extractor": Case(
        config("ssd_mobilenet_v2_keras", "ssd_mobilenet_v2"),
        "feature-extractor-tf1", 11, "ssd_mobilenet_v2_keras is the same network",
    ),
    "slim extractor without a twin": Case(
        config("ssd_mobilenet_v2_keras", "ssd_inception_v2"),
        "feature-extractor-tf1", 11, "there is none on TensorFlow 2",
    ),
    "mistyped extractor": Case(
        config("ssd_mobilenet_v2_keras", "ssd_mobilenetv2_keras"),
        "feature-extractor-unknown", 11, "did you mean ssd_mobilenet_v2_keras?",
    ),
    "extractor of another model": Case(
        config("ssd_mobilenet_v2_keras", "faster_rcnn_resnet50_keras"),
        "feature-extractor-unknown", 11, "it belongs to faster_rcnn",
    ),
    "no extractor": Case(
        model(CENTER_NET, 'feature_extractor { type: "resnet_v2_50" }', ""),
        "feature-extractor-unknown", 2, "no type is not a feature extractor of center_net",
    ),
    "no box coder": Case(
        removed("faster_rcnn_box_coder { y_scale: 10.0 x_scale: 10.0 height_scale: 5.0 "
                "width_scale: 5.0 }"),
        "block-missing", 30, "ssd.box_coder is empty",
    ),
    "no similarity": Case(
        removed("similarity_calculator { iou_similarity { } }"),
        "block-missing", 5, "ssd.similarity_calculator is missing",
    ),
    "no anchors": Case(
        model(FASTER_RCNN, f"first_stage_anchor_generator {{ {_ANCHORS} }}", ""),
        "block-missing", 2, "faster_rcnn.first_stage_anchor_generator is missing",
    ),
    "no resizer": Case(
        model(CENTER_NET, "fixed_shape_resizer { height: 96 width: 96 }", ""),
        "block-missing", 4, "with one of keep_aspect_ratio_resizer, fixed_shape_resizer",
    ),
    "small maximum": Case(
        config("fixed_shape_resizer { height: 96 width: 96 }",
               "keep_aspect_ratio_resizer { max_dimension: 320 pad_to_max_dimension: true }"),
        "image-resizer", 8, "min_dimension 600 is above max_dimension 320",
    ),
    "pad to multiple": Case(
        config("fixed_shape_resizer { height: 96 width: 96 }",
               "pad_to_multiple_resizer { multiple: 32 }"),
        "image-resizer", 8, "stops at a pad_to_multiple_resizer",
    ),
    "bipartite": Case(
        config("argmax_matcher {", "bipartite_matcher { } argmax_matcher {"),
        "dead-block", 34, "bipartite_matcher",
    ),
    "bipartite only": Case(
        config("    similarity_calculator", "    matcher { bipartite_matcher { } }\n"
               "    similarity_calculator"),
        "matcher-bipartite", 40, "use argmax_matcher", others=["dead-block"],
    ),
    "few detections in all": Case(
        removed("        max_detections_per_class: 20\n"),
        "non-max-suppression", 77, "100 (the default) is above max_total_detections",
    ),
    "threshold in per cent": Case(
        config("iou_threshold: 0.6", "iou_threshold: 60"), "non-max-suppression", 76, "60, not",
    ),
    "few proposals": Case(
        model(FASTER_RCNN, "initial_crop_size: 14",
              "initial_crop_size: 14 first_stage_max_proposals: 50"),
        "second-stage-batch-size", 7, "second_stage_batch_size 64 is above",
    ),
    "masks": Case(
        both(model(FASTER_RCNN.replace(_PREDICTOR, _MASKS), "num_classes: 3",
                   "num_classes: 3 number_of_stages: 3"),
             config("eval_input_reader {", "eval_input_reader { load_instance_masks: true ")),
        "masks-not-loaded", 36, "add load_instance_masks: true",
    ),
    "no loss": Case(
        config("weighted_smooth_l1 {\n        }", ""), "loss-missing", 64, "names no loss",
    ),
    "no loss of centres": Case(
        model(CENTER_NET, "penalty_reduced_logistic_focal_loss { }", ""),
        "loss-missing", 7, "penalty_reduced_logistic_focal_loss",
    ),
    "ignored loss": Case(
        model(FASTER_RCNN, "second_stage_post_processing",
              "second_stage_classification_loss { bootstrapped_sigmoid { alpha: 1 } }\n"
              "    second_stage_post_processing"),
        "loss-ignored", 11, "trains with weighted_softmax",
    ),
    "miner": Case(
        config("      classification_weight: 1.0",
               "      hard_example_miner { }\n      classification_weight: 1.0"),
        "hard-example-miner", 68, "remove the miner",
    ),
    "sigmoid loss, softmax scores": Case(
        config("score_converter: SIGMOID", "score_converter: SOFTMAX"),
        "score-converter", 80, "write score_converter: SIGMOID in post_processing",
    ),
    "no converter": Case(
        removed("      score_converter: SIGMOID\n"), "score-converter", 73, "no score_converter",
    ),
    "softmax loss, sigmoid scores": Case(
        model(FASTER_RCNN, "SOFTMAX", "SIGMOID"),
        "score-converter", 11, "weighted_softmax trains for SOFTMAX scores",
    ),
}  # fmt: skip
