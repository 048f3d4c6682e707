using Mammo.Networks.Architectures;
using Mammo.Networks.Models;

namespace Mammo.Benchmarks;

/// <summary>The published whole-image networks in full width, with random weights.</summary>
internal static class BenchmarkModels
{
    public const int Height = 1152;
    public const int Width = 896;

    /// <summary>A model by its short name: body, or body+head recipe.</summary>
    public static MammoModel Make(string name)
    {
        var parts = name.Split('+');
        var recipe = HeadRecipe.Find(parts.Length > 1 ? parts[1] : "[512-512-1024]x2");
        using var patch = ModelFactory.Patch(new PatchOptions { Architecture = parts[0] }, seed: 1);
        return ModelFactory.WholeImage(patch, recipe.Apply(new WholeImageOptions()), seed: 2, out _);
    }

    /// <summary>A plane on the scale of prepared images.</summary>
    public static float[] Plane(int seed)
    {
        var random = new Random(seed);
        var values = new float[Height * Width];
        for (var index = 0; index < values.Length; index++)
            values[index] = (float)((random.NextDouble() * 255) - 52.18);
        return values;
    }
}
