namespace Mammo.Networks.Models;

/// <summary>Number type that a network computes in. Scores are widened to float64, losses are at least float32.</summary>
public enum Precision
{
    /// <summary>32-bit floating point; the default and what the published models were trained in.</summary>
    Float32,

    /// <summary>16-bit brain floating point: half the memory, faster where the processor has matrix units for it, about 3 digits.</summary>
    BFloat16,

    /// <summary>64-bit floating point, for proofs of parity.</summary>
    Float64,
}
