namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// Which context a symbol has (T.800, tables D.1 to D.4). A coefficient's neighbourhood comes as nine bits, row by row from the top left; the middle
/// one is its own.
/// </summary>
internal static class Contexts
{
    public const int Count = 19;
    public const int FirstRefinement = 14;
    public const int RunLength = 17;
    public const int Uniform = 18;

    /// <summary>The bit of the coefficient itself.</summary>
    public const int Own = 1 << 4;

    /// <summary>The bits of its eight neighbours.</summary>
    public const int Neighbours = 0x1EF;

    /// <summary>The bits of those above, to the left, to the right and below.</summary>
    public const int Cross = 0xAA;

    /// <summary>The context of a coefficient's significance: by orientation (512 entries each) and neighbourhood of significance.</summary>
    public static byte[] Significance { get; } =
        [.. Enum.GetValues<Orientation>().SelectMany(orientation => Enumerable.Range(0, 512).Select(bits => Of(orientation, bits)))];

    /// <summary>
    /// The context of a coefficient's sign, and in bit 7 whether the symbol is to be inverted: by the bits <see cref="Cross"/> of significance, with
    /// the bits of sign (1 for negative) each one place below.
    /// </summary>
    public static byte[] Sign { get; } = [.. Enumerable.Range(0, 256).Select(SignOf)];

    private static byte Of(Orientation orientation, int bits)
    {
        int horizontal = Bit(3) + Bit(5), vertical = Bit(1) + Bit(7), diagonal = Bit(0) + Bit(2) + Bit(6) + Bit(8);
        if (orientation == Orientation.HH)
        {
            var straight = horizontal + vertical;
            return (byte)(diagonal switch
            {
                >= 3 => 8,
                2 => straight > 0 ? 7 : 6,
                1 => 3 + Math.Min(straight, 2),
                _ => Math.Min(straight, 2),
            });
        }

        if (orientation == Orientation.HL)
            (horizontal, vertical) = (vertical, horizontal);
        return (byte)(horizontal switch
        {
            2 => 8,
            1 => vertical > 0 ? 7 : diagonal > 0 ? 6 : 5,
            _ => vertical > 0 ? 2 + vertical : Math.Min(diagonal, 2),
        });

        int Bit(int place) => bits >> place & 1;
    }

    private static byte SignOf(int bits)
    {
        int horizontal = Math.Clamp(Contribution(3) + Contribution(5), -1, 1), vertical = Math.Clamp(Contribution(1) + Contribution(7), -1, 1);
        var isInverted = horizontal < 0 || (horizontal == 0 && vertical < 0);
        if (isInverted)
            (horizontal, vertical) = (-horizontal, -vertical);
        return (byte)((horizontal == 0 ? 9 + vertical : 12 + vertical) | (isInverted ? 0x80 : 0));

        int Contribution(int place) => (bits >> place & 1) == 0 ? 0 : (bits >> (place - 1) & 1) == 0 ? 1 : -1;
    }
}
