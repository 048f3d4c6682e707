using System.Collections.Immutable;

namespace Mammo.Networks.Files.Safetensors;

/// <summary>Where one tensor is in a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type as in the header (<c>F32</c>).</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, ImmutableArray<int> Shape, long Begin, long End)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Element types of the safetensors format: the word in the header and the bytes of one element.</summary>
internal static class SafetensorsType
{
    public const string Float64 = "F64";
    public const string Float32 = "F32";
    public const string Float16 = "F16";
    public const string BFloat16 = "BF16";

    /// <summary>Bytes of one element; null for a word that is not of the format.</summary>
    public static int? Bytes(string word) => word switch
    {
        Float64 or "I64" or "U64" => 8,
        Float32 or "I32" or "U32" => 4,
        Float16 or BFloat16 or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => null,
    };

    /// <summary>The word for a format of weights.</summary>
    public static string Of(WeightFormat format) => format switch
    {
        WeightFormat.Float16 => Float16,
        WeightFormat.BFloat16 => BFloat16,
        _ => Float32,
    };
}

/// <summary>The upper half of a float32 as a number of its own.</summary>
internal static class BFloat16
{
    /// <summary>Exact.</summary>
    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>Rounds to nearest, ties to even; not-a-number stays that.</summary>
    public static ushort FromSingle(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }
}
