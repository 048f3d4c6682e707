using System.Text;

namespace Mammo;

/// <summary>What a file is by its content, for messages about one of another kind than is wanted.</summary>
public static class FileContent
{
    /// <summary>Bytes at the start of a file that decide.</summary>
    public const int Length = 4096;

    private static readonly (int Offset, string Bytes, string Name)[] Signatures =
    [
        (128, "DICM", "a DICOM file"),
        (0, "%PDF", "a PDF document"),
        (0, "\u0089PNG", "a PNG image"),
        (0, "\u00ff\u00d8\u00ff", "a JPEG image"),
        (0, "II*\0", "a TIFF image"),
        (0, "MM\0*", "a TIFF image"),
        (0, "II+\0", "a TIFF image"),
        (0, "MM\0+", "a TIFF image"),
        (0, "GIF8", "a GIF image"),
        (0, "BM", "a BMP image"),
        (0, "\0\0\0\u000cjP  ", "a JPEG 2000 image"),
        (0, "\u00ff\u004f\u00ff\u0051", "a JPEG 2000 image"),
        (8, "WEBP", "a WebP image"),
        (4, "ftyp", "an HEIF or AVIF image, or a film"),
        (0, "8BPS", "a Photoshop image"),
        (0, "\u0089HDF\r\n\u001a\n", "an HDF5 file, as Keras's models are"),
        (0, "\u0093NUMPY", "a numpy array"),
        (0, "MATLAB 5.0", "a MATLAB file"),
        (344, "n+1\0", "a NIfTI volume"),
        (0, "PAR1", "a Parquet table"),
        (0, "SQLite format 3", "an SQLite database"),
        (0, "\u00d0\u00cf\u0011\u00e0", "a document of an old Excel or Word"),
        (0, "{\\rtf", "an RTF document"),
        (0, "7z\u00bc\u00af", "a 7-zip archive"),
        (0, "Rar!", "a RAR archive"),
        (0, "\u001f\u008b", "compressed with gzip"),
        (0, "version https://git-lfs", "a pointer of Git LFS, not the file itself"),
    ];

    /// <summary>A noun with its article, as <c>a PDF document</c>; null when the content is of no kind that is known.</summary>
    /// <param name="start">The first <see cref="Length"/> bytes, or all of a shorter file.</param>
    public static string? Name(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
            return "an empty file";
        var text = Encoding.Latin1.GetString(start);
        foreach (var (offset, bytes, name) in Signatures)
        {
            if (text.Length >= offset + bytes.Length && text.AsSpan(offset).StartsWith(bytes, StringComparison.Ordinal))
                return name;
        }

        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => Archive(text),
            [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', (>= (byte)'0' and <= (byte)'9') or (byte)'#', ..] =>
                "a PGM or PPM image",
            [_, _, _, _, _, _, 0, 0, (byte)'{', ..] => "a safetensors file",
            [0x80, >= 2 and <= 5, ..] => "a Python pickle",
            [0x08, < 0x20, 0x12, var length, ..] when IsProducer(start[4..], length) => "an ONNX model",
            [0x08, ..] when text.Contains("onnx", StringComparison.OrdinalIgnoreCase) || text.Contains("pytorch", StringComparison.Ordinal) => "an ONNX model",
            _ => Written(start),
        };
    }

    /// <summary>The same of a file; null also when it cannot be opened.</summary>
    /// <param name="path">The file.</param>
    public static string? NameOf(string path)
    {
        try
        {
            if (InputFile.LengthOf(path) == 0)
                return Name([]);
            using var stream = InputFile.Open(path, bufferSize: 0);
            var start = new byte[Length];
            return Name(start.AsSpan(0, stream.ReadAtLeast(start, Length, throwOnEndOfStream: false)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a file can be a table or a list: text that is no page, no JSON and no other program's, or of no kind that is known.</summary>
    /// <param name="name">What <see cref="Name"/> says.</param>
    public static bool IsList(string? name) => name is null or Table or Text;

    /// <summary>Whether a file is an image.</summary>
    /// <param name="name">What <see cref="Name"/> says.</param>
    public static bool IsImage(string? name) => name is "a DICOM file" || (name is not null && name.EndsWith(" image", StringComparison.Ordinal));

    private const string Table = "a table (CSV)";
    private const string Text = "plain text";

    // The name of the program that wrote it, of some letters, is next in the file of ONNX: Mammo, pytorch, tf2onnx.
    private static bool IsProducer(ReadOnlySpan<byte> rest, int length) =>
        length is > 0 and < 64 && length < rest.Length && !rest[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~')
        && (rest[length] is 0x1A or 0x22 or 0x28 or 0x32 or 0x3A);

    private static string Archive(string text) => text switch
    {
        _ when text.Contains("xl/", StringComparison.Ordinal) => "an Excel workbook",
        _ when text.Contains("word/", StringComparison.Ordinal) => "a Word document",
        _ when text.Contains("config.json", StringComparison.Ordinal) => "a .keras archive",
        _ when text.Contains("data.pkl", StringComparison.Ordinal) => "a zip archive, as PyTorch's checkpoints are",
        _ => "a zip archive",
    };

    private static string? Written(ReadOnlySpan<byte> start)
    {
        var text = Decoded(start);
        if (text is null)
            return null;
        var trimmed = text.AsSpan().TrimStart();
        if (trimmed.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase))
            return text.Contains("<html", StringComparison.OrdinalIgnoreCase) ? "a web page (HTML)" : "an XML document";
        if (trimmed.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.Contains("<html", StringComparison.OrdinalIgnoreCase))
            return "a web page (HTML)";
        if (trimmed.StartsWith("<"))
            return "a web page or XML";
        if (trimmed.StartsWith("{") || trimmed.StartsWith("["))
            return "JSON";
        var line = trimmed.IndexOfAny('\r', '\n') is >= 0 and var end ? trimmed[..end] : trimmed;
        return line.ContainsAny(',', ';', '\t') ? Table : Text;
    }

    // UTF-16 has its mark; what is neither it nor free of control letters is no text.
    private static string? Decoded(ReadOnlySpan<byte> start)
    {
        if (start is [0xFF, 0xFE, ..])
            return Encoding.Unicode.GetString(start[2..]);
        if (start is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode.GetString(start[2..]);
        foreach (var value in start)
        {
            if (value < ' ' && value is not ((byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f' or 0x1A))
                return null;
        }

        return Encoding.UTF8.GetString(start is [0xEF, 0xBB, 0xBF, ..] ? start[3..] : start);
    }
}
