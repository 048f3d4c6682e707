using System.Collections.Immutable;

namespace Mammo.Networks.Storage;

/// <summary>The models that come with Mammo.</summary>
public static class ShippedModels
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(typeof(ShippedModels).Assembly.Location)!, "models");

    /// <summary>Their names.</summary>
    public static ImmutableArray<string> Names { get; } = ["mini-mias", "mini-mias-contrast"];

    /// <summary>The file of a model.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case of letters.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.ModelNameUnknown"/>.</exception>
    public static string PathOf(string name) => Names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
        ? Path.Combine(Folder, found + ".safetensors")
        : throw new MammoException(
            ErrorIds.ModelNameUnknown,
            $"No model named '{name}' comes with Mammo.",
            $"Take one of {string.Join(", ", Names)}, or give the path of a model file.",
            name);
}
