#!/usr/bin/env bash
# The whole lab with the AWS CLI, as one would do it by hand. Run it in `labrun shell`, in the lab's folder.
set -euo pipefail

# 1. Sort the files by year and month. `aws s3 mv` copies to the new key and deletes the old one. The last filter wins: what is sorted
# already stays out (without it, --include would match below the target, too).
for month in 2025-12 2026-01 2026-02 2026-03; do
  aws s3 mv "s3://$BUCKET/" "${ORDERS}year=${month%-*}/month=${month#*-}/" --recursive \
    --exclude '*' --include "orders-$month-*" --exclude 'orders/*'
done

# 2. Mark the newest month. A tag belongs to one object.
for day in 02 09 10; do
  aws s3api put-object-tagging --bucket "$BUCKET" --key "orders/year=2026/month=03/orders-2026-03-$day.json" \
    --tagging 'TagSet=[{Key=state,Value=ready}]'
done
