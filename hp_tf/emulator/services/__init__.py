"""The AWS services that are our own, because moto has them not at all or wrong."""
