namespace Mammo.Codecs.Jpeg2000;

/// <summary>The inverse transforms of three components together, from luminance and chrominance to red, green and blue (T.800, annex G).</summary>
internal static unsafe class ComponentTransform
{
    public static void Run(IReadOnlyList<TileComponent> components, CoefficientArray[] arrays)
    {
        var first = components[0];
        if (components.Skip(1).Take(2).Any(other => other.Area != first.Area || other.Coding.IsReversible != first.Coding.IsReversible))
            throw new CodecException("components of different sizes or transforms are transformed together");
        var count = arrays[0].Width * arrays[0].Height;
        if (first.Coding.IsReversible)
            Reversible(arrays[0].Integers(0), arrays[1].Integers(0), arrays[2].Integers(0), count);
        else
            Irreversible(arrays[0].Numbers(0), arrays[1].Numbers(0), arrays[2].Numbers(0), count);
    }

    private static void Reversible(int* y, int* u, int* v, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var green = y[i] - (u[i] + v[i] >> 2);
            (y[i], u[i], v[i]) = (v[i] + green, green, u[i] + green);
        }
    }

    private static void Irreversible(float* y, float* cb, float* cr, int count)
    {
        for (var i = 0; i < count; i++)
            (y[i], cb[i], cr[i]) = (y[i] + 1.402f * cr[i], y[i] - 0.34413f * cb[i] - 0.71414f * cr[i], y[i] + 1.772f * cb[i]);
    }
}
