using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Mammo.Host;

/// <summary>Asks the person at the terminal; refuses where there is none, so that an unattended run ends with an error and does not wait for ever.</summary>
internal sealed class ConsoleQuestions(PSHostUserInterface console)
{
    public static string ReadLine()
    {
        RequirePerson("a line of input");
        return Console.ReadLine() ?? "";
    }

    public SecureString ReadSecret()
    {
        RequirePerson("a secret");
        var secret = new SecureString();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
                secret.AppendChar(key.KeyChar);
            else if (secret.Length > 0)
                secret.RemoveAt(secret.Length - 1);
        }

        console.WriteLine();
        return secret;
    }

    public Dictionary<string, PSObject> AskFields(string caption, string message, Collection<FieldDescription> fields)
    {
        RequirePerson(string.Join(", ", fields.Select(field => field.Name)));
        Announce(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in fields)
        {
            console.Write(field.Name + ": ");
            answers[field.Name] = PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    public int AskChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequirePerson($"a choice ({message}; -Confirm:$false takes it as given)");
        Announce(caption, message);
        var labels = choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal)).ToArray();
        var keys = choices.Select((choice, i) => Key(choice.Label, labels[i])).ToArray();
        while (true)
        {
            console.Write(string.Join("  ", labels.Select((label, i) => $"[{keys[i]}] {label}")) + (defaultChoice < 0 ? ": " : $" (default is \"{keys[defaultChoice]}\"): "));
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            var chosen = Array.FindIndex(keys, key => key.Equals(answer, StringComparison.OrdinalIgnoreCase));
            chosen = chosen >= 0 ? chosen : Array.FindIndex(labels, label => label.Equals(answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0)
                return chosen;
        }
    }

    public PSCredential AskCredential(string caption, string message, string? userName)
    {
        RequirePerson("a user name and a password");
        Announce(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            console.Write("User: ");
            userName = ReadLine();
        }

        console.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadSecret());
    }

    // The key of a choice is the letter after '&' in its label.
    private static string Key(string label, string plain)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? label[(mark + 1)..(mark + 2)].ToUpperInvariant() : plain;
    }

    private static void RequirePerson(string what)
    {
        if (!Terminal.CanAsk)
            throw new HostException($"Nobody can be asked for {what}: standard input is not a terminal. Give it on the command line.");
    }

    private void Announce(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
            console.WriteLine(caption);
        if (!string.IsNullOrEmpty(message))
            console.WriteLine(message);
    }
}
