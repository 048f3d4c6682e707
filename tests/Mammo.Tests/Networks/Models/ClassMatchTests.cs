using Mammo.Data.Datasets;
using Mammo.Networks.Models;

namespace Mammo.Tests.Networks.Models;

/// <summary>Classes belong to outputs by name.</summary>
public sealed class ClassMatchTests
{
    [Theory]
    [InlineData("neg,pos", "pos,NEG", "1,0", false)]
    [InlineData("neg,pos", "BENIGN,BENIGN_WITHOUT_CALLBACK,MALIGNANT", "0,0,1", true)]
    [InlineData("neg,pos", "Cancer,Non-Cancer", "1,0", true)]
    [InlineData("neg,pos", "case,control", "1,0", true)]
    [InlineData("neg,pos", "1,0", "1,0", true)]
    [InlineData("neg,pos", "BI-RADS 1,BIRADS_2,Bi-Rads 4b,BIRADS 6", "0,0,1,1", true)]
    [InlineData("benign,malignant", "b\u00f6sartig,gutartig", "1,0", true)]
    [InlineData("malignant,benign", "maligno,benigno", "0,1", true)]
    [InlineData("normal,abnormal", "sano,c\u00e1ncer", "0,1", true)]
    [InlineData("neg,pos", "K\u00f6t\u00fc huylu,\u0130yi Huylu", "1,0", true)]
    [InlineData("a,b,c", "c,a", "2,0", false)]
    [InlineData("neg,pos", "-1,1", "0,1", true)]
    [InlineData("neg,pos", "+1,-1", "1,0", true)]
    [InlineData("neg,pos", "0.0,1.0", "0,1", true)]
    public void ClassesOfOneMeaningAreMatched(string outputs, string classes, string expected, bool isTold)
    {
        var (positions, finding) = new ClassMatch("the model", outputs.Split(',')).Of("the set", classes.Split(','));
        Assert.Equal(expected.Split(',').Select(int.Parse), classes.Split(',').Select(name => positions[name]!.Value));
        Assert.Equal(isTold ? ErrorIds.ClassesMatched : null, finding?.Id);
    }

    [Theory]
    [InlineData("neg,pos", "0,1,2")]
    [InlineData("neg,pos", "M,N")]
    [InlineData("neg,pos", "-1,0,1")]
    [InlineData("neg,pos", "0,10")]
    [InlineData("neg,pos", "0.5,1.0")]
    [InlineData("neg,pos", "BI-RADS 3")]
    [InlineData("neg,pos", "benign,abnormal")]
    [InlineData("normal,abnormal", "benign,malignant")]
    [InlineData("benign,malignant", "normal,abnormal")]
    [InlineData("background,benign,malignant", "neg,pos")]
    public void OthersAreRefusedWithBothLists(string outputs, string classes)
    {
        var error = Assert.Throws<MammoException>(() => new ClassMatch("the model", outputs.Split(',')).Of("the set", classes.Split(',')));
        Assert.Equal(ErrorIds.ModelClassMismatch, error.ErrorId);
        Assert.Contains(outputs.Replace(",", ", ", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains(classes.Replace(",", ", ", StringComparison.Ordinal), error.Message, StringComparison.Ordinal);
        Assert.Contains("-ClassMap", error.SuggestedFix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pos,neg", true)]
    [InlineData("+1,-1", true)]
    [InlineData("benign,malignant,normal", true)]
    [InlineData("case,control", true)]
    [InlineData("neg,pos", false)]
    [InlineData("-1,1", false)]
    [InlineData("normal,benign,malignant", false)]
    [InlineData("background,cal,mass", false)]
    [InlineData("normal", false)]
    public void AnOrderWhoseLastClassReadsLikeTheNegativeOneIsReported(string classes, bool isReported) =>
        Assert.Equal(isReported ? ErrorIds.ClassOrderReversed : null, ClassOrder.Check("the set", classes.Split(','))?.Id);

    [Fact]
    public void FewerClassesThanThreeOrMoreOutputsWithoutNamesAreRefused()
    {
        var match = new ClassMatch("the model", ["class0", "class1", "class2"], isNamed: false);
        var two = new MammoDataset("set", ["0", "1"], [new MammoImage("/a.png") { Class = "1", Label = 1 }]);
        Assert.Equal(ErrorIds.ModelClassMismatch, Assert.Throws<MammoException>(() => match.Check(two)).ErrorId);
        match.Check(two with { Classes = ["0", "1", "2"] });
        new ClassMatch("the model", ["class0", "class1"], isNamed: false).Check(two with { Classes = ["0"] });
        new ClassMatch("the model", ["a", "b", "c"]).Check(two);
    }

    [Fact]
    public void WhatWasReportedIsNotReportedAgain()
    {
        var match = new ClassMatch("the model", ["neg", "pos"]);
        Assert.DoesNotContain("benign", match.Of("the set", ["benign", "malignant"], ["benign"]).Finding!.Message, StringComparison.Ordinal);
        Assert.Null(match.Of("the set", ["benign", "malignant"], ["benign", "malignant"]).Finding);
    }

    [Fact]
    public void TheMapWinsAndMayLeaveOut()
    {
        var map = new Dictionary<string, string> { ["M"] = "pos", ["N"] = "", ["neg"] = "pos" };
        var (positions, _) = new ClassMatch("the model", ["neg", "pos"], map).Of("the set", ["m", "N", "neg"]);
        Assert.Equal([1, null, 1], new[] { positions["M"], positions["n"], positions["neg"] });
        map["M"] = "cancer";
        Assert.Equal(ErrorIds.ModelClassMismatch, Assert.Throws<MammoException>(() => new ClassMatch("the model", ["neg", "pos"], map)).ErrorId);
    }

    [Fact]
    public void OutputsWithoutNamesAreKnownByNumberAlone()
    {
        var match = new ClassMatch("the model", ["class0", "class1"], isNamed: false);
        Assert.Equal(1, match.Of("the set", ["0", "1"]).Positions["1"]);
        Assert.Throws<MammoException>(() => match.Of("the set", ["neg", "pos"]));
    }
}
