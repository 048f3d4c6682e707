using System.Management.Automation;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.PowerShell.Common;

namespace Mammo.PowerShell.Models;

/// <summary>Lists the networks that can be built, with their parameters and multiply-adds at a size.</summary>
[Cmdlet(VerbsCommon.Get, "MammoArchitecture")]
[OutputType(typeof(ArchitectureSummary))]
public sealed class GetMammoArchitectureCommand : MammoCmdlet
{
    /// <summary>Names of bodies; wildcards allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Show whole-image networks with this head instead of patch networks.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [NotEmpty]
    public string? Recipe { get; set; }

    /// <summary>Height and width of one image: 224, 224 for patch networks and 1152, 896 for whole images unless set.</summary>
    [Parameter]
    [ImageSizeTransformation]
    public ImageSize? ImageSize { get; set; }

    /// <summary>Factor on every filter count, above 0 up to 1.</summary>
    [Parameter]
    [InRange(0.001, 1.0)]
    public double WidthMultiplier { get; set; } = 1;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        var recipe = Recipe is null ? null : Require(() => HeadRecipe.Find(Recipe));
        var size = ImageSize ?? (recipe is null ? new ImageSize(224, 224) : new ImageSize(1152, 896));
        var patterns = Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase)).ToArray();
        var found = ArchitectureCatalog.All.Where(architecture => patterns.Any(pattern => pattern.IsMatch(architecture.Name))).ToArray();
        if (found.Length == 0)
            Attempt(() => ArchitectureCatalog.Find(Name[0]));
        foreach (var architecture in found)
            Attempt(() => WriteObject(ArchitectureCatalog.Summarize(architecture, size, recipe, WidthMultiplier)), architecture);
        base.EndProcessing();
    }
}
