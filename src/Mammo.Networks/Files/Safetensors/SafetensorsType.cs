namespace Mammo.Networks.Files.Safetensors;

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
