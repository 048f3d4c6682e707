using System.Collections.Immutable;
using Mammo.Networks.Graphs;

namespace Mammo.Networks.Architectures;

/// <summary>A published head by name: a preset of <see cref="WholeImageOptions"/>.</summary>
public sealed class HeadRecipe
{
    private readonly Func<WholeImageOptions, WholeImageOptions> _apply;

    private HeadRecipe(string name, string description, Func<WholeImageOptions, WholeImageOptions> apply)
    {
        (Name, Description, _apply) = (name, description, apply);
    }

    /// <summary>The published heads.</summary>
    public static ImmutableArray<HeadRecipe> All { get; } =
    [
        new("512x1", "two VGG groups of one 512-filter convolution", options => options with
        {
            BlockType = TopBlock.Vgg,
            TopDepth = [512, 512],
            TopRepetition = [1, 1],
        }),
        new("[512-512-1024]x2", "two groups of two residual bottlenecks 512-512-1024", options => options with
        {
            BlockType = TopBlock.ResNet,
            TopDepth = [512, 512],
            TopRepetition = [2, 2],
            BottleneckEnlargeFactor = 2,
        }),
        new("heatmap-fc16-8-shortcut", "heatmap of the patch classes (3x3 average pool, as published for yaroslav), max pool, 16 and 8 units, linear "
            + "shortcut", options => options with
        {
            AddHeatmap = true,
            AvgPoolSize = Size2D.Square(3),
            AddConv = false,
            FcInitUnit = 16,
            FcLayer = 2,
            AddShortcut = true,
        }),
    ];

    /// <summary>The name that users type; the published files carry it.</summary>
    public string Name { get; }

    /// <summary>One line about it.</summary>
    public string Description { get; }

    /// <summary>The recipe of that name.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelRecipeUnknown"/>: there is none.</exception>
    public static HeadRecipe Find(string name) =>
        All.FirstOrDefault(recipe => string.Equals(recipe.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new MammoException(
            ErrorIds.ModelRecipeUnknown, $"There is no head recipe '{name}'.", $"Take one of {string.Join(", ", All.Select(recipe => $"'{recipe.Name}'"))}.",
            name);

    /// <summary>The options with this head in place of theirs; what the recipe does not say stays.</summary>
    public WholeImageOptions Apply(WholeImageOptions options) => _apply(options);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
