using System.Text;

namespace Mammo.Data.Dicom;

/// <summary>
/// Text in the character sets of PS3.3 C.12.1.1.2: the default one, single-byte sets, UTF-8, GB18030 and GBK, and the code extensions of ISO 2022 with which
/// Japanese, Korean and Chinese are written. What cannot be decoded becomes U+FFFD; a text is never a reason to refuse an image.
/// </summary>
internal sealed class DicomText
{
    private const byte Escape = 0x1B;
    private const int Latin1 = 28591;
    private const int JisKatakana = 932;
    private const int EucJapanese = 20932;

    // By the number of the ISO register, without and with code extensions: (ISO_IR 100) and (ISO 2022 IR 100).
    private static readonly Dictionary<int, int> CodePages = new()
    {
        [100] = Latin1,
        [101] = 28592,
        [109] = 28593,
        [110] = 28594,
        [144] = 28595,
        [127] = 28596,
        [126] = 28597,
        [138] = 28598,
        [148] = 28599,
        [203] = 28605,
        [13] = JisKatakana,
        [166] = 874,
    };

    // What an escape sequence makes of the upper half of the code table (G1); a set of two bytes is marked by a negative number.
    private static readonly (byte[] Sequence, int CodePage)[] UpperSets =
    [
        ("-A"u8.ToArray(), Latin1), ("-B"u8.ToArray(), 28592), ("-C"u8.ToArray(), 28593), ("-D"u8.ToArray(), 28594), ("-L"u8.ToArray(), 28595),
        ("-G"u8.ToArray(), 28596), ("-F"u8.ToArray(), 28597), ("-H"u8.ToArray(), 28598), ("-M"u8.ToArray(), 28599), ("-b"u8.ToArray(), 28605),
        ("-T"u8.ToArray(), 874), (")I"u8.ToArray(), JisKatakana), ("$)C"u8.ToArray(), -51949), ("$)A"u8.ToArray(), -936),
    ];

    // What an escape sequence makes of the lower half (G0): ASCII and Roman letters of JIS X 0201 (0), JIS X 0208 and JIS X 0212.
    private static readonly (byte[] Sequence, LowerSet Set)[] LowerSets =
    [
        ("(B"u8.ToArray(), LowerSet.Ascii), ("(J"u8.ToArray(), LowerSet.Ascii), ("$B"u8.ToArray(), LowerSet.Jis0208), ("$(D"u8.ToArray(), LowerSet.Jis0212),
    ];

    private readonly Encoding? _whole;
    private readonly int _upper;

    private DicomText(Encoding? whole, int upper) => (_whole, _upper) = (whole, upper);

    private enum LowerSet
    {
        Ascii,
        Jis0208,
        Jis0212,
    }

    /// <summary>The decoder for the value of Specific Character Set; Latin-1 for bytes above ASCII where the file names no set, as other programs do.</summary>
    /// <param name="names">Its parts; none when it is missing.</param>
    public static DicomText For(string[] names) => names is [var first, ..]
        ? first.ToUpperInvariant() switch
        {
            "ISO_IR 192" => new DicomText(Encoding.UTF8, 0),
            "GB18030" => new DicomText(Page(54936), 0),
            "GBK" => new DicomText(Page(936), 0),
            // Korean and Chinese stand behind an empty first part; not every program writes the escape sequence that they need.
            "" when names.Length == 2 => new DicomText(null, Number(names[1]) switch { 149 => -51949, 58 => -936, _ => Latin1 }),
            var name => new DicomText(null, CodePages.GetValueOrDefault(Number(name), Latin1)),
        }
        : new DicomText(null, Latin1);

    /// <summary>Bytes of the default character set; others become U+FFFD.</summary>
    public static string Ascii(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);

    /// <summary>The parts of a text, which backslashes separate, without spaces and zeros around them.</summary>
    public static string[] Split(string text) => Array.ConvertAll(text.Split('\\'), part => part.Trim(' ', '\0', '\t', '\r', '\n'));

    /// <summary>A text as Unicode.</summary>
    public string Decode(ReadOnlySpan<byte> bytes)
    {
        if (_whole is not null)
            return _whole.GetString(bytes);
        if (bytes.IndexOf(Escape) < 0 && bytes.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) < 0)
            return Encoding.ASCII.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        var (lower, upper) = (LowerSet.Ascii, _upper);
        for (var i = 0; i < bytes.Length;)
        {
            if (bytes[i] == Escape)
                i += 1 + Designate(bytes[(i + 1)..], ref lower, ref upper);
            else
                i += bytes[i] < 0x80 ? Lower(bytes[i..], ref lower, ref upper, text) : Upper(bytes[i..], upper, text);
        }

        return text.ToString();
    }

    private static int Number(string name) => int.TryParse(name.AsSpan(name.LastIndexOfAny([' ', '_']) + 1), out var number) ? number : 0;

    // Kept out of the process-wide register of encodings: that belongs to the host.
    private static Encoding Page(int codePage) => CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);

    private static int Designate(ReadOnlySpan<byte> bytes, ref LowerSet lower, ref int upper)
    {
        foreach (var (sequence, codePage) in UpperSets)
        {
            if (bytes.StartsWith(sequence))
            {
                upper = codePage;
                return sequence.Length;
            }
        }

        foreach (var (sequence, set) in LowerSets)
        {
            if (bytes.StartsWith(sequence))
            {
                lower = set;
                return sequence.Length;
            }
        }

        return 0;
    }

    private int Lower(ReadOnlySpan<byte> bytes, ref LowerSet lower, ref int upper, StringBuilder text)
    {
        // Control characters are no part of a set of two bytes; the ends of lines, and of parts, bring the first set back.
        if (lower == LowerSet.Ascii || bytes[0] <= 0x20 || bytes.Length < 2)
        {
            text.Append((char)bytes[0]);
            if (bytes[0] is (byte)'\\' or (byte)'\r' or (byte)'\n' or (byte)'\t' or 0x0C)
                (lower, upper) = (LowerSet.Ascii, _upper);
            return 1;
        }

        // Code page 20932 marks JIS X 0212 by a second byte without its highest bit.
        ReadOnlySpan<byte> pair = [(byte)(bytes[0] | 0x80), lower == LowerSet.Jis0208 ? (byte)(bytes[1] | 0x80) : (byte)(bytes[1] & 0x7F)];
        text.Append(Page(EucJapanese).GetString(pair));
        return 2;
    }

    private static int Upper(ReadOnlySpan<byte> bytes, int codePage, StringBuilder text)
    {
        var count = codePage < 0 && bytes.Length > 1 ? 2 : 1;
        text.Append(Page(Math.Abs(codePage)).GetString(bytes[..count]));
        return count;
    }
}
