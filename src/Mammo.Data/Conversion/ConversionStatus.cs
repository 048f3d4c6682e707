namespace Mammo.Data.Conversion;

/// <summary>What became of a file that was to be converted.</summary>
public enum ConversionStatus
{
    /// <summary>It was written.</summary>
    Converted,

    /// <summary>It was there already and newer than its source.</summary>
    UpToDate,

    /// <summary>It was not written; see the error.</summary>
    Failed,
}
