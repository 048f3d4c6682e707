using System.Globalization;
using System.Text;
using Mammo.Data.Images;
using Mammo.Networks.Architectures;
using Mammo.Networks.Graphs;

namespace Mammo.Tests.Networks.Architectures;

/// <summary>One text file for every architecture and recipe in tests/data/listings. MAMMO_WRITE_LISTINGS=1 writes them anew; the difference is for a person to
/// judge.</summary>
public class GoldenListingTests
{
    private static readonly ImageSize ImageSize = new(1152, 896);

    public static TheoryData<string, string?> Networks =>
        [.. ArchitectureCatalog.All.SelectMany(architecture => HeadRecipe.All.Select(recipe => (string?)recipe.Name).Prepend(null)
            .Append("heatmap"), (architecture, recipe) => (architecture.Name, recipe))];

    [Theory]
    [MemberData(nameof(Networks))]
    public void ListingIsTheGoldenOne(string architecture, string? recipe)
    {
        var graph = PatchNetwork.Build(new PatchOptions { Architecture = architecture });
        if (recipe is not null)
            graph = WholeImageNetwork.Build(graph, null, Options(recipe)).Graph;
        var text = Text(graph);
        var path = Shared.Data("listings", architecture + (recipe is null ? "" : "__" + recipe.Trim('[').Replace(']', '_')) + ".txt");
        if (Environment.GetEnvironmentVariable("MAMMO_WRITE_LISTINGS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    private static WholeImageOptions Options(string recipe) =>
        recipe == "heatmap" ? new WholeImageOptions { HeatmapOnly = true } : HeadRecipe.Find(recipe).Apply(new WholeImageOptions());

    private static string Text(LayerGraph graph)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{graph.Name}: {graph.Layers.Length} layers, {WeightPlan.Of(graph).Sum(weight => weight.Elements)} parameters, "
            + $"{ComputeCost.MultiplyAdds(graph, ImageSize)} multiply-adds at {ImageSize}\n");
        foreach (var row in LayerListing.Of(graph))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{row.Name}  {row.Kind}  {row.OutputShape}  {row.Parameters}  {row.Role}{(row.Frozen ? " frozen" : "")}  L2 {row.L2}  <- "
                + $"{string.Join(", ", row.Inputs)}\n");
        return text.ToString();
    }
}
