namespace Mammo.Scoring.Overlays;

/// <summary>Colours from dark violet over red and orange to light yellow, of rising lightness, which distinguishes them without colour vision too.</summary>
internal static class ColourScale
{
    private static readonly (double Red, double Green, double Blue)[] Stops =
        [(20, 8, 60), (90, 20, 110), (175, 45, 90), (235, 105, 45), (250, 175, 40), (252, 250, 150)];

    /// <summary>The colour of a share of the scale, 0..1.</summary>
    public static (byte Red, byte Green, byte Blue) Of(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        var first = Math.Min((int)place, Stops.Length - 2);
        var (a, b, rest) = (Stops[first], Stops[first + 1], place - first);
        return (Mix(a.Red, b.Red), Mix(a.Green, b.Green), Mix(a.Blue, b.Blue));

        byte Mix(double from, double to) => (byte)Math.Round(from + ((to - from) * rest));
    }

    /// <summary>How opaque a share of the scale lies over the image: clear at 0, so that what is not suspicious stays as it is.</summary>
    public static byte Opacity(double share) => double.IsNaN(share) ? (byte)0 : (byte)Math.Round(165 * Math.Min(1, share / 0.35));
}
