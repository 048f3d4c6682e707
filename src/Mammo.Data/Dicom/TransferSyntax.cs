namespace Mammo.Data.Dicom;

/// <summary>How the pixels of a file are compressed.</summary>
internal enum PixelCoding
{
    /// <summary>Not at all.</summary>
    Native,

    /// <summary>Not at all, but in fragments.</summary>
    Encapsulated,
    Rle,

    /// <summary>JPEG baseline and extended: 8 or 12 bits, lossy.</summary>
    Jpeg,
    JpegLossless,
    JpegLs,
    Jpeg2000,

    /// <summary>In a way that is not read here.</summary>
    Unsupported,
}

/// <summary>A transfer syntax (PS3.5, 10): how the elements of a file are written and its pixels compressed.</summary>
/// <param name="Uid">Its unique identifier.</param>
/// <param name="Name">Its name in the standard, without "Transfer Syntax".</param>
/// <param name="Coding">How pixels are compressed.</param>
internal sealed record TransferSyntax(string Uid, string Name, PixelCoding Coding)
{
    private static readonly Dictionary<string, TransferSyntax> All = new TransferSyntax[]
    {
        new("1.2.840.10008.1.2", "Implicit VR Little Endian", PixelCoding.Native) { IsExplicit = false },
        new("1.2.840.10008.1.2.1", "Explicit VR Little Endian", PixelCoding.Native),
        new("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", PixelCoding.Encapsulated),
        new("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", PixelCoding.Native) { IsDeflated = true },
        new("1.2.840.10008.1.2.2", "Explicit VR Big Endian", PixelCoding.Native) { IsBigEndian = true },
        new("1.2.840.10008.1.2.5", "RLE Lossless", PixelCoding.Rle),
        new("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", PixelCoding.Jpeg),
        new("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", PixelCoding.Jpeg),
        new("1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", PixelCoding.JpegLossless),
        new("1.2.840.10008.1.2.4.70", "JPEG Lossless (Process 14, Selection Value 1)", PixelCoding.JpegLossless),
        new("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", PixelCoding.JpegLs),
        new("1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", PixelCoding.JpegLs),
        new("1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)", PixelCoding.Jpeg2000),
        new("1.2.840.10008.1.2.4.91", "JPEG 2000", PixelCoding.Jpeg2000),
        new("1.2.840.10008.1.2.4.52", "JPEG Extended (Process 3 and 5)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 and 8)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.54", "JPEG Spectral Selection (Process 7 and 9)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 and 12)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.56", "JPEG Full Progression (Process 11 and 13)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.58", "JPEG Lossless (Process 15)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.59", "JPEG Extended, Hierarchical (Process 16 and 18)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.60", "JPEG Extended, Hierarchical (Process 17 and 19)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.61", "JPEG Spectral Selection, Hierarchical (Process 20 and 22)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.62", "JPEG Spectral Selection, Hierarchical (Process 21 and 23)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.63", "JPEG Full Progression, Hierarchical (Process 24 and 26)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.64", "JPEG Full Progression, Hierarchical (Process 25 and 27)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.65", "JPEG Lossless, Hierarchical (Process 28)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.66", "JPEG Lossless, Hierarchical (Process 29)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.94", "JPIP Referenced", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", PixelCoding.Unsupported) { IsDeflated = true },
        new("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.110", "JPEG XL Lossless", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.112", "JPEG XL", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 (Lossless Only)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", PixelCoding.Unsupported),
        new("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", PixelCoding.Unsupported) { IsDeflated = true },
        new("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", PixelCoding.Unsupported),
    }.ToDictionary(syntax => syntax.Uid, StringComparer.Ordinal);

    /// <summary>Elements name their value representation.</summary>
    public bool IsExplicit { get; init; } = true;

    /// <summary>Numbers are written with their highest byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Everything behind the meta information is compressed together.</summary>
    public bool IsDeflated { get; init; }

    /// <summary>It is one of those that the standard had when this was written.</summary>
    public bool IsKnown => All.ContainsKey(Uid);

    /// <summary>Pixels may differ from those before compression.</summary>
    public bool IsLossy => Coding == PixelCoding.Jpeg || Uid is "1.2.840.10008.1.2.4.81" or "1.2.840.10008.1.2.4.91";

    /// <summary>The pixels are in fragments.</summary>
    public bool IsEncapsulated => Coding != PixelCoding.Native;

    /// <summary>
    /// A syntax by its identifier; one that is not known is explicit and little endian, as every new one must be (PS3.5, 10), with unreadable pixels.
    /// </summary>
    public static TransferSyntax Of(string uid) => All.TryGetValue(uid, out var syntax) ? syntax : new TransferSyntax(uid, uid, PixelCoding.Unsupported);

    /// <summary>Why files that are written or compressed in this way are refused.</summary>
    public DicomRemark NotRead => new(
        ErrorIds.DicomTransferSyntax,
        $"The file is written in the transfer syntax {this}, which is not read.",
        "Convert it to Explicit VR Little Endian with a DICOM toolkit, or let the archive send it uncompressed.",
        IsRefusal: true);

    /// <inheritdoc/>
    public override string ToString() => Name == Uid ? Uid : $"{Name} ({Uid})";
}
