import type { Auth } from '../create-auth.ts'
import type { User } from '../users/user.ts'

/** What an adapter needs of the library. */
export type AuthDoor = Pick<Auth, 'fetch' | 'guard' | 'handles' | 'routes'>

/** Keeps who was let in beside the request: typed, and nothing is added to the framework's own objects or types. */
export function createCurrentUsers() {
  const users = new WeakMap<object, User>()
  return {
    remember(request: object, user: User): void {
      users.set(request, user)
    },
    /** The person whom the guard of this route let in. Throws an Error where the route has none: a mistake of the program. */
    currentUser(request: object): User {
      const user = users.get(request)
      if (!user) throw new Error('This route has no guard: put requireSessionAuth or another one before it.')
      return user
    },
  }
}
