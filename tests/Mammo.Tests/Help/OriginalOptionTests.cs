using Mammo.Help;

namespace Mammo.Tests.Help;

/// <summary>The options of the original's two training programs against the parameters that took their place.</summary>
public sealed class OriginalOptionTests
{
    private const string Common = """
        --resume-from --img-size --img-scale --rescale-factor --featurewise-center --featurewise-mean --equalize-hist --batch-size --train-bs-multiplier
        --augmentation
        --class-list --nb-epoch --all-layer-epochs --top-layer-nb --load-val-ram --load-train-ram --weight-decay --weight-decay2 --hidden-dropout
        --hidden-dropout2 --optimizer
        --init-learningrate --all-layer-multiplier --lr-patience --es-patience --auto-batch-balance --pos-cls-weight --neg-cls-weight --best-model --final-model
        """;

    private const string WholeImage = """
        --patch-model-state --patch-net --block-type --top-depths --top-repetitions --bottleneck-enlarge-factor --add-heatmap --avg-pool-size --add-conv
        --add-shortcut
        --hm-strides --hm-pool-size --fc-init-units --fc-layers
        """;

    private const string Patch = "--net --use-pretrained --top-layer-epochs --top-layer-multiplier";

    private static readonly IReadOnlyList<OriginalOption> Table = OriginalOption.ReadAll();

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, Table.Count)];

    [Theory]
    [InlineData("image_clf_train.py", Common + " " + WholeImage)]
    [InlineData("patch_clf_train.py", Common + " " + Patch)]
    public void Every_option_is_in_the_table(string program, string options) => Assert.Equal(
        options.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
        Table.Where(option => option.Programs.Contains(program) && option.Name[0] == '-').Select(option => option.Name).Distinct()
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public void It_is_a_parameter_with_that_default_and_an_alias(int row)
    {
        var option = Table[row];
        foreach (var name in option.Cmdlets)
        {
            var cmdlet = CmdletHelp.All.Single(help => help.Name == name);
            var parameter = cmdlet.Find(option.Parameter);
            Assert.Equal(option.Parameter, parameter?.Name);
            Assert.Contains(parameter, new[] { cmdlet.Find(option.PascalName), cmdlet.Find("No" + option.PascalName) });
            if (option.Default == "(mandatory)")
                Assert.True(parameter!.IsMandatory);
            else if (option.Default[0] != '(')
                Assert.Equal(Expected(option.Default, parameter!), parameter!.Default);
        }
    }

    private static string Expected(string told, ParameterHelp parameter) => told switch
    {
        "on" => "True",
        "off" => "False",
        "none" => DefaultText.None,
        "model's" => parameter.IsSwitch ? "the model card's" : DefaultText.None,
        _ => told,
    };
}
