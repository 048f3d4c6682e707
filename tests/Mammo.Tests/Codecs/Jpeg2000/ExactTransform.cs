using Mammo.Codecs.Jpeg2000;

namespace Mammo.Tests.Codecs.Jpeg2000;

/// <summary>
/// The inverse 9/7 transform as annex F of T.800 writes it down, in double precision and without regard to speed: each signal is extended, scaled and
/// lifted by itself. It takes quantised coefficients from the decoder, and step sizes without what the decoder folds into them.
/// </summary>
internal static class ExactTransform
{
    private const double K = 1.230174104914001;

    /// <summary>The samples of a grey image before they are rounded, clamped and shifted.</summary>
    public static double[] Decode(byte[] stream)
    {
        var codestream = Codestream.Read(Boxes.FindCodestream(stream));
        var image = codestream.Size.Component(0);
        var samples = new double[image.Count];
        foreach (var (index, tile) in codestream.Tiles)
        {
            var component = new TileComponent(codestream.Size.Tile(index), codestream.Size.Components[0], tile.Parameters, 0, new TileBudget());
            PacketReader.Read(codestream.Bytes.Span, tile, [component]);
            var array = new CoefficientArray();
            array.Reset(component.Area);
            var decoder = new CodeBlockDecoder();
            foreach (var (band, block) in component.CodeBlocks)
                decoder.Decode(codestream.Bytes.Span, component, band, block, array);
            var result = Synthesize(component, array);
            for (var y = 0; y < component.Area.Height; y++)
            {
                for (var x = 0; x < component.Area.Width; x++)
                    samples[(component.Area.Y0 - image.Y0 + y) * image.Width + component.Area.X0 - image.X0 + x] = result[y, x];
            }
        }

        return samples;
    }

    private static double[,] Synthesize(TileComponent component, CoefficientArray array)
    {
        var levels = component.Coding.Levels;
        var low = Coefficients(component.Resolutions[0].Bands[0], levels, array);
        foreach (var resolution in component.Resolutions.Skip(1))
        {
            var bands = Array.ConvertAll(resolution.Bands, band => Coefficients(band, levels - resolution.Number + 1, array));
            low = Synthesize([low, .. bands], resolution.Area);
        }

        return low;
    }

    private static unsafe double[,] Coefficients(Subband band, int level, CoefficientArray array)
    {
        var coefficients = new double[band.Area.Height, band.Area.Width];
        // Half a step is the unit in which the decoder holds magnitudes.
        var (unit, exact) = (band.Step / 2, band.Step / 2 / Irreversible97.Gain(band.Orientation, level));
        for (var y = 0; y < band.Area.Height; y++)
        {
            var row = array.Numbers(band.Rows.Row(y)) + band.FirstColumn;
            for (var x = 0; x < band.Area.Width; x++)
                coefficients[y, x] = Math.Round(row[x] / unit) * exact;
        }

        return coefficients;
    }

    /// <summary>One level: the bands are interleaved (F.3.3), then rows and then columns are lifted.</summary>
    private static double[,] Synthesize(double[][,] bands, Area area)
    {
        var samples = new double[area.Height, area.Width];
        for (var v = area.Y0; v < area.Y1; v++)
        {
            for (var u = area.X0; u < area.X1; u++)
                samples[v - area.Y0, u - area.X0] = bands[(u & 1) + 2 * (v & 1)][Place(v, area.Y0), Place(u, area.X0)];
        }

        for (var y = 0; y < area.Height; y++)
            Lift(area.Width, area.X0, x => samples[y, x], (x, value) => samples[y, x] = value);
        for (var x = 0; x < area.Width; x++)
            Lift(area.Height, area.Y0, y => samples[y, x], (y, value) => samples[y, x] = value);
        return samples;

        // Even coordinates are counted from the first even one, odd ones from the first odd one.
        static int Place(int value, int first) => (value & 1) == 0 ? value / 2 - (first + 1) / 2 : value / 2 - first / 2;
    }

    private static void Lift(int count, int first, Func<int, double> get, Action<int, double> set)
    {
        if (count == 1)
            set(0, (first & 1) == 0 ? get(0) : get(0) / 2);
        if (count <= 1)
            return;
        const int Margin = 4;
        var signal = new double[count + 2 * Margin];
        var period = 2 * (count - 1);
        for (var i = 0; i < signal.Length; i++)
        {
            var place = ((i - Margin) % period + period) % period;
            signal[i] = get(Math.Min(place, period - place)) * (IsEven(i) ? K : 1 / K);
        }

        double[] factors = [0.443506852043971, 0.882911075530934, -0.052980118572961, -1.586134342059924];
        for (var step = 0; step < factors.Length; step++)
        {
            for (var i = step + 1; i < signal.Length - step - 1; i++)
            {
                if (IsEven(i) == (step % 2 == 0))
                    signal[i] -= factors[step] * (signal[i - 1] + signal[i + 1]);
            }
        }

        for (var i = 0; i < count; i++)
            set(i, signal[i + Margin]);

        bool IsEven(int i) => ((i + first) & 1) == 0;
    }
}
