using Mammo.Data.Images;

namespace Mammo.Data.Conversion;

/// <summary>What became of one file.</summary>
/// <param name="Source">The image.</param>
/// <param name="Target">The PNG.</param>
/// <param name="Status">Whether it was written.</param>
public sealed record ImageConversionRecord(string Source, string Target, ConversionStatus Status)
{
    /// <summary>Size of the source; null when it was not read.</summary>
    public ImageSize? SourceSize { get; init; }

    /// <summary>Size of the PNG; null when it was not written.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Bit depth of the PNG; null when it was not written.</summary>
    public int? BitDepth { get; init; }

    /// <summary>The part of the source that was cut out; null without cutting.</summary>
    public PixelBox? Box { get; init; }

    /// <summary>It has been mirrored.</summary>
    public bool IsFlipped { get; init; }

    /// <summary>Which values of a DICOM file are in the PNG; null for other formats, and where it was not read.</summary>
    public string? VoiUsed { get; init; }

    /// <summary>What is doubtful.</summary>
    public FindingList Warnings { get; init; } = FindingList.Empty;

    /// <summary>Why it was not written; null when it was, or was up to date.</summary>
    public MammoException? Error { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Error is null ? $"{Path.GetFileName(Source)}: {Status}" : $"{Path.GetFileName(Source)}: {Error.Message}";
}

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
