"""Files on other machines, through fsspec (the extra `remote`): gs://, s3://, hdfs://, https://.

Nothing here is imported for local files but `is_remote` and StoreError. Credentials, endpoints
and the like come from where each store's library and fsspec look for them:
https://filesystem-spec.readthedocs.io/en/latest/features.html#configuration
"""

from tfod_weights.storage.errors import StoreError
from tfod_weights.storage.paths import is_remote

__all__ = ["StoreError", "is_remote"]
