namespace Mammo;

/// <content>What is said of the lists of public sets.</content>
public static partial class ErrorIds
{
    /// <summary>A row of a list has a word for nothing known in place of a label.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LabelMissing = "Mammo.LabelMissing";

    /// <summary>A list says an assessment, and nobody said which values make which class, or in a way that makes none.</summary>
    [Kind(ErrorKind.InvalidArgument)]
    public const string LabelRuleInvalid = "Mammo.LabelRuleInvalid";

    /// <summary>A row's assessment is in no class of the rule.</summary>
    [Kind(ErrorKind.InvalidData)]
    public const string LabelUnknown = "Mammo.LabelUnknown";
}
