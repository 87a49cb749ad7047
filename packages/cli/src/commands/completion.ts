/** keyturn completion: a script for the shell, made from the commands as they are. */
import type { Command } from 'commander'
import type { Define } from '../commands.ts'
import { bashCompletion } from '../completion/bash.ts'
import { completionTree, type CommandNode } from '../completion/command-tree.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { Output, type GlobalFlags } from '../output.ts'
import { usageError } from '../usage-error.ts'

const shells: Readonly<Record<string, (nodes: readonly CommandNode[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
}

export default (command: Command, define: Define): void => {
  command
    .argument('<shell>', Object.keys(shells).join(', '))
    .addHelpText(
      'after',
      `
bash   source <(keyturn completion bash)                     in ~/.bashrc
zsh    source <(keyturn completion zsh)                      in ~/.zshrc, after compinit
fish   keyturn completion fish > ~/.config/fish/completions/keyturn.fish`,
    )
    .action(async (shell: string, _, self: Command) => {
      const output = new Output(self.optsWithGlobals<GlobalFlags>())
      const script = shells[shell]
      if (!script) throw usageError(`the shell is one of ${Object.keys(shells).join(', ')}`)
      const text = script(await completionTree(command.parent ?? command, define))
      output.document('completion', { shell, script: text })
      if (!output.json) process.stdout.write(text)
    })
}
