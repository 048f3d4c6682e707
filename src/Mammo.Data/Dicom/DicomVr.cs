namespace Mammo.Data.Dicom;

/// <summary>Value representations (PS3.5, 6.2) as their two letters in one number.</summary>
internal static class DicomVr
{
    /// <summary>The data set has implicit value representations: the tag alone says what a value is.</summary>
    public const ushort None = 0;

    public const ushort OB = ('O' << 8) | 'B';
    public const ushort OW = ('O' << 8) | 'W';
    public const ushort SQ = ('S' << 8) | 'Q';
    public const ushort SS = ('S' << 8) | 'S';
    public const ushort UN = ('U' << 8) | 'N';

    private static readonly HashSet<ushort> Short = [.. Of("AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US")];
    private static readonly HashSet<ushort> Long = [.. Of("OB OD OF OL OV OW SQ SV UC UN UR UT UV")];

    public static ushort Read(ReadOnlySpan<byte> bytes) => (ushort)((bytes[0] << 8) | bytes[1]);

    /// <summary>Two capital letters: what every representation, also one that the standard will add, looks like.</summary>
    public static bool LooksLikeOne(ushort vr) => vr >> 8 is >= 'A' and <= 'Z' && (vr & 0xFF) is >= 'A' and <= 'Z';

    public static bool IsKnown(ushort vr) => Short.Contains(vr) || Long.Contains(vr);

    /// <summary>Lengths of 16 bits directly behind the representation; all others, unknown ones too, have two reserved bytes and 32 bits.</summary>
    public static bool HasShortLength(ushort vr) => Short.Contains(vr);

    private static IEnumerable<ushort> Of(string names) => names.Split(' ').Select(name => (ushort)((name[0] << 8) | name[1]));
}
