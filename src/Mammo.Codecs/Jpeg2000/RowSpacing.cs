namespace Mammo.Codecs.Jpeg2000;

/// <summary>
/// Which rows of a tile-component's array belong to a resolution or subband. Rows lie from the beginning where they are in the image, so that the vertical
/// transform is done in place: a resolution has every row, every second, every fourth and so on.
/// </summary>
/// <param name="First">Its first row.</param>
/// <param name="Step">From one row to the next.</param>
internal readonly record struct RowSpacing(long First, long Step)
{
    // Beyond any image; doubled 32 times without a limit, it would not fit.
    private const long MostStep = 1L << 40;

    /// <summary>Rows that are low-pass: those with even coordinates.</summary>
    /// <param name="y">The coordinate of the first row.</param>
    public RowSpacing Low(int y) => new(First + (y & 1) * Step, Math.Min(2 * Step, MostStep));

    /// <summary>Rows that are high-pass: those with odd coordinates.</summary>
    /// <param name="y">The coordinate of the first row.</param>
    public RowSpacing High(int y) => new(First + (1 - (y & 1)) * Step, Math.Min(2 * Step, MostStep));

    public long Row(int index) => First + index * Step;
}
