package export

import (
	"context"
	"fmt"
	"net/url"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // for addresses that begin with s3://
)

// OpenBucket opens the bucket that an address names: a local directory, which is made if it is missing, as
// file:///var/lib/kontakty/files; or one of an S3 service, as
//
//	s3://bucket?region=eu-central-1
//	s3://bucket?region=us-east-1&endpoint=https://s3.example.com&use_path_style=true
//
// with its credentials where the AWS SDK looks for them, such as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
func OpenBucket(ctx context.Context, address string) (*blob.Bucket, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the bucket is malformed: %w", err)
	}
	if parsed.Scheme == fileblob.Scheme {
		// A file that is being written then lies beside the finished ones: the next attempt finds and removes it there,
		// and the one disk that can be full is the bucket's.
		query := parsed.Query()
		query.Set("create_dir", "true")
		query.Set("metadata", "skip")
		query.Set("no_tmp_dir", "true")
		parsed.RawQuery = query.Encode()
	}
	bucket, err := blob.OpenBucket(ctx, parsed.String())
	if err != nil {
		return nil, fmt.Errorf("opening the bucket: %w", err)
	}
	return bucket, nil
}
