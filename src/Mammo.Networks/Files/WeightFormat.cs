namespace Mammo.Networks.Files;

/// <summary>
/// How the numbers of kernels are written. Vectors (biases, batch norm) are always float32: they take no room, and small variances would be lost.
/// </summary>
public enum WeightFormat
{
    /// <summary>32 bits, exact.</summary>
    Float32,

    /// <summary>16 bits with 11 bits of precision, up to 65504.</summary>
    Float16,

    /// <summary>16 bits with 8 bits of precision and the range of float32.</summary>
    BFloat16,
}
