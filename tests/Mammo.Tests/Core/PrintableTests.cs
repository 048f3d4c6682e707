using Mammo.Networks.Architectures;
using Mammo.Networks.Models;

namespace Mammo.Tests.Core;

/// <summary>Names of classes are one rule, and control characters of files do not reach a terminal.</summary>
public sealed class PrintableTests
{
    private const string Steering = "a\u001b[31mb\u0007\u009b";

    [Fact]
    public void Messages_hold_no_control_characters()
    {
        Assert.Equal("a\uFFFD[31mb\uFFFD\uFFFD", new MammoException(ErrorIds.FileNotFound, Steering).Message);
        Assert.Equal("a\uFFFD[31mb\uFFFD\uFFFD", new MammoException(ErrorIds.FileNotFound, "x", Steering).SuggestedFix);
        Assert.Equal("a\uFFFD[31mb\uFFFD\uFFFD", new Finding(ErrorIds.FileNotFound, Steering).Message);
        Assert.Equal("a\n\tb", new MammoException(ErrorIds.FileNotFound, "a\n\tb").Message);
    }

    [Fact]
    public void Texts_of_a_card_hold_none()
    {
        var card = CardJson.Read(CardJson.Write(new ModelCard { License = Steering, TrainedOn = Steering, Lineage = [Steering] }));
        Assert.All(new[] { card.License, card.TrainedOn, card.Lineage[0] }, text => Assert.Equal("a\uFFFD[31mb\uFFFD\uFFFD", text));
    }

    [Theory]
    [InlineData("pos", "pos")]
    [InlineData("pos", "POS")]
    [InlineData("pos", " ")]
    [InlineData("pos", Steering)]
    public void Class_names_of_a_card_are_distinct_whatever_their_case(string first, string second)
    {
        using var model = ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", WidthMultiplier = 1 / 16.0, Classes = ["neg", "pos"] }, 1);
        var failure = Assert.Throws<MammoException>(() => model.WithCard(model.Card with { Classes = [first, second] }));
        Assert.Equal(ErrorIds.ModelClassMismatch, failure.ErrorId);
        Assert.Equal(
            ErrorIds.ModelOptionConflict,
            Assert.Throws<MammoException>(() => ModelFactory.Patch(new PatchOptions { Architecture = "vgg16", Classes = ["a", "A"] }, 1)).ErrorId);
    }
}
