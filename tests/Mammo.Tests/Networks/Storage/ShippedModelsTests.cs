using System.Globalization;
using System.Text.Json.Nodes;
using Mammo.Data.Datasets;
using Mammo.Data.Datasets.Formats;
using Mammo.Data.Examination;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Preparations;
using Mammo.Data.Splits;
using Mammo.Networks.Models;
using Mammo.Networks.Storage;

namespace Mammo.Tests.Networks.Storage;

public sealed class ShippedModelsTests
{
    [Theory]
    [InlineData("mini-mias", "915409ceaf34527188d757b1ca6497b3bf77c789594f20a0f6d5afad0af07ba6")]
    [InlineData("mini-mias-contrast", "5a25536b74158a12e9cc670c8e216e4557cbecb26d4697d5022ac728e86cf837")]
    public void The_weights_are_those_that_were_trained(string name, string weights)
    {
        using var model = ModelFiles.Import(ShippedModels.PathOf(name)).Model;
        Assert.Equal(weights, model.Card.WeightHash);
        Assert.Equal(weights, WeightHash.Of(model));
    }

    [Theory]
    [InlineData("mini-mias", 0.9)]
    [InlineData("mini-mias-contrast", 0.95)]
    public void The_card_says_what_its_training_films_look_like(string name, double share)
    {
        using var model = ModelFiles.Import(ShippedModels.PathOf(name)).Model;
        var films = MiniMias.Read(Shared.File("data", "mini-mias"), null, ImageLabelling.Abnormality).Dataset;
        var rest = MammoDataset.Join([.. PatientSplitter.ByFolds(films, 5, 1).Apply(films).Parts.Skip(1)]);
        var train = PatientSplitter.ByShares(rest, [share, Math.Round(1 - share, 2)], 1).Apply(rest).Parts[0];
        var card = model.Card;
        (JsonObject?, InputProfile?)[] networks = card.Parts.IsEmpty
            ? [(card.Training, card.Inputs)] : [.. card.Parts.Select(part => (part.Training, part.Inputs))];
        Assert.All(networks, network => Assert.Equal(network.Item1!["splits"]!.AsArray().Select(hash => (string)hash!), train.Splits));
        var preparation = new Preparation { Size = card.ImageSize, RescaleFactor = card.RescaleFactor, LocalContrast = card.LocalContrast };
        var expected = InputProfile.Of([.. train.Images.Select(image => InputFacts.Of(image, ImageReader.Read(image.Path), preparation))]);
        Assert.All(networks, network =>
        {
            var written = network.Item2!;
            Assert.Equal(Counts(expected), Counts(written));
            Assert.Equal(expected.GreyDistance, written.GreyDistance, 1e-9);
            Assert.All(expected.Greys.Zip(written.Greys), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        });
    }

    private static string Counts(InputProfile profile) => string.Create(
        CultureInfo.InvariantCulture,
        $"{profile.Count} {string.Join(' ', profile.BitDepths)} {string.Join(' ', profile.Views)} {profile.AtLeft} {profile.AtRight} {profile.WithMarks}");
}
