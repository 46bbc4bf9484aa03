//! The parts of Kubernetes' types that more than one reader needs. Tags: each API group's generated.proto.
